package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void everyPieceIsDoneOnce() {
        AtomicIntegerArray done = new AtomicIntegerArray(1000);
        try (Workers workers = new Workers(4)) {

            workers.forEach(1000, done::incrementAndGet);
        }

        for (int i = 0; i < done.length(); i++) {
            assertThat(done.get(i)).isEqualTo(1);
        }
    }

    @Test
    void aFailingPieceFailsTheWhole() {
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.forEach(10, i -> {
                        if (i == 3) {
                            throw new IllegalStateException("piece 3");
                        }
                    }))
                    .hasMessage("piece 3");
        }
    }

    @Test
    void anInterruptIsKeptAndTheWorkIsDone() {
        AtomicIntegerArray done = new AtomicIntegerArray(10);
        try (Workers workers = new Workers(2)) {
            Thread.currentThread().interrupt();

            workers.forEach(10, done::incrementAndGet);

            assertThat(Thread.interrupted()).isTrue();
        }
        for (int i = 0; i < done.length(); i++) {
            assertThat(done.get(i)).isEqualTo(1);
        }
    }
}
