package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class CudaDoctorTest {
    @Test
    void withoutABuildForCudaItSaysWhichToAdd() {
        assertThat(CudaDoctor.report().lines())
                .contains("natives:   none for CUDA on the class path")
                .anyMatch(line -> line.startsWith("problem:   ") && line.contains("onnxruntime_gpu"))
                .endsWith("CUDA cannot be used.");
    }

    @Test
    void withoutTheModuleForItItSaysWhichToAdd() throws Exception {
        Class<?> doctor = new Without("io.bertfinetune.ort.capi.").loadClass(CudaDoctor.class.getName());
        Method report = doctor.getDeclaredMethod("report");
        report.setAccessible(true);

        assertThat(report.invoke(null).toString())
                .startsWith("problem:   bert-finetune-ort-native is not on the class path")
                .endsWith("CUDA cannot be used.");
    }

    /** The examples on a class path that lacks a package. */
    private static final class Without extends ClassLoader {
        private final String missing;

        Without(String missing) {
            super(CudaDoctorTest.class.getClassLoader());
            this.missing = missing;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(missing)) {
                throw new ClassNotFoundException(name);
            }
            if (!name.equals(CudaDoctor.class.getName())) {
                return super.loadClass(name, resolve);
            }
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = CudaDoctor.class.getClassLoader().getResourceAsStream(file)) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
