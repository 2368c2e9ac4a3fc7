package io.bertfinetune.ort.capi;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import io.bertfinetune.error.EngineException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ONNX Runtime's environment: one for each library, as long as the process lives. Its log goes to SLF4J. */
final class OrtEnv {
    private static final Logger LOG = LoggerFactory.getLogger("io.bertfinetune.onnxruntime");
    private static final int WARNING = 2;
    private static final int ERROR = 3;

    private final OrtApi api;
    private final Log log;
    private final Pointer handle;

    private OrtEnv(OrtApi api, Log log, Pointer handle) {
        this.api = api;
        this.log = log;
        this.handle = handle;
    }

    static OrtEnv of(OrtApi api) {
        Log log = new Log();
        try {
            Pointer handle = api.create(
                    OrtFunction.CREATE_ENV_WITH_CUSTOM_LOGGER,
                    log,
                    Pointer.NULL,
                    WARNING,
                    CStrings.of("bert-finetune"));
            api.call(OrtFunction.DISABLE_TELEMETRY_EVENTS, handle);
            return new OrtEnv(api, log, handle);
        } catch (OrtStatusException e) {
            throw new EngineException("ONNX Runtime " + api.version() + " does not start: " + e.getMessage(), e);
        }
    }

    OrtApi api() {
        return api;
    }

    Pointer handle() {
        return handle;
    }

    /**
     * The last error that was logged, and forgets it. ONNX Runtime names the cause of some failures only there: a library
     * that CUDA lacks for instance.
     */
    String takeError() {
        return log.error.getAndSet("");
    }

    /** {@code OrtLoggingFunction}. */
    interface LogFunction extends Callback {
        /** Called by ONNX Runtime, from any thread. */
        void log(Pointer parameter, int severity, Pointer category, Pointer id, Pointer place, Pointer message);
    }

    private static final class Log implements LogFunction {
        private final AtomicReference<String> error = new AtomicReference<>("");

        @Override
        public void log(Pointer parameter, int severity, Pointer category, Pointer id, Pointer place, Pointer message) {
            String text = message.getString(0, "UTF-8");
            if (severity >= ERROR) {
                error.set(text);
                LOG.error(text);
            } else if (severity == WARNING) {
                LOG.warn(text);
            } else {
                LOG.debug(text);
            }
        }
    }
}
