package io.bertfinetune.ort.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloseRaceTest {
    @TempDir
    private Path work;

    @Test
    void closingWhileOthersEncodeNeverEndsTheJvm() {
        ChildJvm.Result result = ChildJvm.run(ClosesInUse.class, work, List.of());

        assertThat(result.output()).endsWith("all stopped by IllegalStateException" + System.lineSeparator());
        assertThat(result.exit()).isZero();
    }

    /** Closes tokenizers that four threads are using. */
    static final class ClosesInUse {
        private static final int ROUNDS = 60;

        private ClosesInUse() {}

        public static void main(String[] args) throws InterruptedException {
            List<Text> texts = Collections.nCopies(40, Text.pair("a house by the sea ".repeat(8), "😀 and a garden"));
            for (int round = 0; round < ROUNDS; round++) {
                CloseableTokenizer tokenizer = Fixtures.tinyTokenizer();
                List<Thread> threads = Stream.<Runnable>of(
                                () -> tokenizer.encode(texts.get(0), 30),
                                () -> tokenizer.encode(texts.get(0), 300),
                                () -> tokenizer.encodeAll(texts, 30),
                                () -> tokenizer.decode(43, 50, 60, 70))
                        .map(ClosesInUse::untilClosed)
                        .toList();
                threads.forEach(Thread::start);
                Thread.sleep(round % 10);
                tokenizer.close();
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            System.out.println("all stopped by IllegalStateException");
        }

        private static Thread untilClosed(Runnable work) {
            return new Thread(() -> {
                try {
                    while (true) {
                        work.run();
                    }
                } catch (IllegalStateException e) {
                    // closed, as it must be
                } catch (RuntimeException e) {
                    e.printStackTrace();
                    Runtime.getRuntime().halt(3);
                }
            });
        }
    }
}
