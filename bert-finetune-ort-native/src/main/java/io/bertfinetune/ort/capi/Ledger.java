package io.bertfinetune.ort.capi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an engine has handed out and nobody has closed yet, in the order in which it was opened. */
final class Ledger {
    private final Map<Resource, String> open = new LinkedHashMap<>();

    /** What can stand in a ledger; it strikes itself out when it is closed. Equal only to itself. */
    interface Resource extends AutoCloseable {
        @Override
        void close();
    }

    /** Enters a resource under a name for reports. */
    synchronized <T extends Resource> T enter(T resource, String name) {
        open.put(resource, name);
        return resource;
    }

    synchronized void strikeOut(Resource resource) {
        open.remove(resource);
    }

    synchronized List<String> names() {
        return List.copyOf(open.values());
    }

    /** Closes what is open, the latest first; each though another does not close, whose exception is thrown last. */
    void closeAll() {
        List<Resource> left;
        synchronized (this) {
            left = new ArrayList<>(open.keySet());
        }
        Collections.reverse(left);
        RuntimeException failure = null;
        for (Resource each : left) {
            try {
                each.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
