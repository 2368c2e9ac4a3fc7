package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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
    void afterAnErrorNoPieceIsStillRunning() {
        Thread caller = Thread.currentThread();
        CountDownLatch otherBegan = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.forEach(1000, i -> {
                        if (Thread.currentThread().equals(caller)) {
                            Uninterruptibles.awaitUninterruptibly(otherBegan);
                            throw new StackOverflowError("in the caller's piece");
                        }
                        running.incrementAndGet();
                        otherBegan.countDown();
                        Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(20));
                        done.incrementAndGet();
                        running.decrementAndGet();
                    }))
                    .isInstanceOf(StackOverflowError.class)
                    .hasMessage("in the caller's piece");

            assertThat(running).hasValue(0);
            assertThat(done).hasValueBetween(1, 10);
        }
    }

    @Test
    void anErrorInAnotherThreadIsThrownAsItIs() {
        Thread caller = Thread.currentThread();
        CountDownLatch thrown = new CountDownLatch(1);
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.forEach(10, i -> {
                        if (Thread.currentThread().equals(caller)) {
                            Uninterruptibles.awaitUninterruptibly(thrown);
                        } else {
                            thrown.countDown();
                            throw new StackOverflowError("in another's piece");
                        }
                    }))
                    .isInstanceOf(StackOverflowError.class);
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
