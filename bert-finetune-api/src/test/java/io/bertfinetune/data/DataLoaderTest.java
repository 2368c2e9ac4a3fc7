package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DataLoaderTest {
    private static final String THREAD = "bert-finetune-data";

    private static final Collator<Integer> COLLATOR = DataLoaderTest::batch;

    private static Batch<Integer> batch(List<Integer> examples) {
        long[] ids = examples.stream().mapToLong(Integer::longValue).toArray();
        return new Batch<>(examples, Map.of("input_ids", Tensor.ofLongs(ids, ids.length)));
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static DataLoader<Integer> loader(int count, int batchSize) {
        return DataLoader.of(Dataset.of(numbers(count)), COLLATOR).batchSize(batchSize);
    }

    private static DataLoader<Integer> streaming(int count, int batchSize) {
        return DataLoader.<Integer>of(() -> numbers(count).stream(), COLLATOR).batchSize(batchSize);
    }

    private static List<List<Integer>> read(DataLoader.Pass<Integer> pass) {
        try (pass) {
            List<List<Integer>> batches = new ArrayList<>();
            for (Batch<Integer> batch : pass) {
                batches.add(batch.examples());
            }
            return batches;
        }
    }

    private static List<Thread> loaderThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(THREAD))
                .toList();
    }

    @AfterEach
    void noThreadIsLeft() {
        assertThat(loaderThreads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100})
    void examplesComeInOrderAndTheLastBatchIsSmaller(int prefetch) {
        assertThat(read(loader(7, 3).prefetch(prefetch).epoch(0)))
                .containsExactly(List.of(0, 1, 2), List.of(3, 4, 5), List.of(6));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aStreamComesInItsOrder(int prefetch) {
        assertThat(read(streaming(7, 3).prefetch(prefetch).epoch(5)))
                .containsExactly(List.of(0, 1, 2), List.of(3, 4, 5), List.of(6));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "2, true", "0, false", "2, false"})
    void aLastBatchThatIsTooSmallCanBeDropped(int prefetch, boolean stream) {
        DataLoader<Integer> loader =
                (stream ? streaming(7, 3) : loader(7, 3)).dropLast(true).prefetch(prefetch);

        assertThat(read(loader.epoch(0))).containsExactly(List.of(0, 1, 2), List.of(3, 4, 5));
    }

    @Test
    void fewerExamplesThanABatchAreABatch() {
        assertThat(read(loader(2, 8).epoch(0))).containsExactly(List.of(0, 1));
    }

    @Test
    void batchesHoldEightUnlessSet() {
        assertThat(read(DataLoader.of(Dataset.of(numbers(17)), COLLATOR).epoch(0)))
                .extracting(List::size)
                .containsExactly(8, 8, 1);
    }

    @ParameterizedTest
    @CsvSource({"7, 3, false, 3", "7, 3, true, 2", "6, 3, false, 2", "6, 3, true, 2", "2, 3, true, 0"})
    void batchesAreCounted(int count, int batchSize, boolean dropLast, int expected) {
        assertThat(loader(count, batchSize).dropLast(dropLast).batches()).isEqualTo(expected);
    }

    @Test
    void batchesOfAStreamAreCountedIfItKnowsItsSize() {
        Dataset<Integer> sized = new Dataset<>() {
            @Override
            public Stream<Integer> stream() {
                return numbers(7).stream();
            }

            @Override
            public OptionalLong size() {
                return OptionalLong.of(7);
            }
        };

        assertThat(DataLoader.of(sized, COLLATOR).batchSize(3).batches()).isEqualTo(3);
        assertThatIllegalStateException()
                .isThrownBy(() -> streaming(7, 3).batches())
                .withMessageContaining("Dataset.size()");
    }

    @Test
    void batchesOfASamplerOfYourOwnAreCounted() {
        assertThat(loader(7, 3).sampler(epoch -> new int[] {1, 1, 1, 1}).batches())
                .isEqualTo(2);
    }

    @Test
    void randomOrderIsThatOfTheSamplerForSeedAndEpoch() {
        DataLoader<Integer> loader = loader(20, 20).sampler(Sampler.random()).seed(7);

        List<Integer> expected = boxed(Sampler.random().order(Sampler.Epoch.of(3, 7, 20)));

        assertThat(read(loader.epoch(3))).containsExactly(expected);
        assertThat(read(loader.epoch(3))).containsExactly(expected);
        assertThat(read(loader.epoch(4)).get(0)).isNotEqualTo(expected).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(read(loader.seed(8).epoch(3)).get(0)).isNotEqualTo(expected);
    }

    private static List<Integer> boxed(int[] order) {
        return IntStream.of(order).boxed().toList();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "2, true", "0, false", "2, false"})
    void aPassCanBeginAtAnyBatch(int prefetch, boolean stream) {
        DataLoader<Integer> loader = stream
                ? streaming(10, 3).prefetch(prefetch)
                : loader(10, 3).sampler(Sampler.random()).prefetch(prefetch);
        List<List<Integer>> whole = read(loader.epoch(1));

        for (int first = 0; first <= 4; first++) {
            assertThat(read(loader.epoch(1, first))).isEqualTo(whole.subList(first, 4));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPassCannotBeginBeyondTheEnd(boolean stream) {
        DataLoader<Integer> loader = stream ? streaming(10, 3) : loader(10, 3);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(loader.epoch(1, 5)))
                .withMessageContaining("first batch is 5, expected 0 to 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(loader.dropLast(true).epoch(1, 4)))
                .withMessageContaining("first batch is 4, expected 0 to 3");
    }

    @Test
    void batchesBeforeTheFirstAreNotMade() {
        List<Integer> collated = Collections.synchronizedList(new ArrayList<>());
        Set<Integer> read = ConcurrentHashMap.newKeySet();
        IndexedDataset<Integer> data = new IndexedDataset<>() {
            @Override
            public int count() {
                return 10;
            }

            @Override
            public Integer get(int index) {
                read.add(index);
                return index;
            }
        };
        DataLoader<Integer> loader = DataLoader.of(data, examples -> {
                    collated.addAll(examples);
                    return batch(examples);
                })
                .batchSize(3);

        read(loader.epoch(0, 2));

        assertThat(collated).containsExactly(6, 7, 8, 9);
        assertThat(read).containsExactlyInAnyOrder(6, 7, 8, 9);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aPassIsReadOnce(int prefetch) {
        try (DataLoader.Pass<Integer> pass = loader(7, 3).prefetch(prefetch).epoch(0)) {
            assertThat(pass.iterator()).isNotNull();

            assertThatIllegalStateException().isThrownBy(pass::iterator).withMessageContaining("once");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aClosedPassIsNotRead(int prefetch) {
        DataLoader.Pass<Integer> pass = loader(7, 3).prefetch(prefetch).epoch(0);
        Iterator<Batch<Integer>> batches = pass.iterator();
        batches.next();

        pass.close();
        pass.close();

        assertThatIllegalStateException().isThrownBy(batches::hasNext).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(batches::next).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(pass::iterator).withMessageContaining("closed");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void atTheEndThereIsNoNext(int prefetch) {
        try (DataLoader.Pass<Integer> pass = loader(1, 3).prefetch(prefetch).epoch(0)) {
            Iterator<Batch<Integer>> batches = pass.iterator();
            batches.next();

            assertThat(batches.hasNext()).isFalse();
            assertThat(batches.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(batches::next);
        }
    }

    @Test
    void aPassThatIsNeverReadStartsNothing() {
        try (DataLoader.Pass<Integer> pass = loader(7, 3).epoch(0)) {
            assertThat(loaderThreads()).isEmpty();
        }
    }

    @Test
    void batchesAreMadeOnOneDaemonThread() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        DataLoader<Integer> loader = DataLoader.of(Dataset.of(numbers(20)), examples -> {
                    threads.add(Thread.currentThread());
                    return batch(examples);
                })
                .batchSize(3);

        read(loader.epoch(0));

        assertThat(threads).singleElement().satisfies(thread -> {
            assertThat(thread.getName()).isEqualTo(THREAD);
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread).isNotEqualTo(Thread.currentThread());
        });
    }

    @Test
    void withoutPrefetchBatchesAreMadeOnTheCallersThread() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        DataLoader<Integer> loader = DataLoader.of(Dataset.of(numbers(20)), examples -> {
                    threads.add(Thread.currentThread());
                    return batch(examples);
                })
                .prefetch(0);

        read(loader.epoch(0));

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void noMoreBatchesAreMadeAheadThanAsked() throws InterruptedException {
        Semaphore made = new Semaphore(0);
        DataLoader<Integer> loader = DataLoader.of(Dataset.of(numbers(100)), examples -> {
                    made.release();
                    return batch(examples);
                })
                .batchSize(1)
                .prefetch(3);

        try (DataLoader.Pass<Integer> pass = loader.epoch(0)) {
            assertThat(pass.iterator()).isNotNull(); // begins

            assertThat(made.tryAcquire(4, 20, TimeUnit.SECONDS)).isTrue(); // three wait, one is in hand
            assertThat(made.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    static final class Mishap extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    static Stream<Throwable> throwables() {
        return Stream.of(
                new DataException("mails.csv:7: a label nobody knows"), new StackOverflowError(), new Mishap());
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void whatTheCollatorThrowsComesOutUnchanged(Throwable thrown) {
        DataLoader<Integer> loader = DataLoader.of(Dataset.of(numbers(20)), examples -> {
                    if (examples.contains(7)) {
                        throw DataLoaderTest.<RuntimeException>sneaky(thrown);
                    }
                    return batch(examples);
                })
                .batchSize(3);

        for (int prefetch : new int[] {0, 2}) {
            List<Integer> seen = new ArrayList<>();
            assertThatThrownBy(() -> {
                        try (DataLoader.Pass<Integer> pass =
                                loader.prefetch(prefetch).epoch(0)) {
                            pass.forEach(batch -> seen.addAll(batch.examples()));
                        }
                    })
                    .isSameAs(thrown);
            assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void whatWentWrongIsSaidAgain() {
        DataLoader<Integer> loader = DataLoader.of(Dataset.of(numbers(20)), examples -> {
            throw new DataException("a label nobody knows");
        });

        try (DataLoader.Pass<Integer> pass = loader.epoch(0)) {
            Iterator<Batch<Integer>> batches = pass.iterator();

            assertThatExceptionOfType(DataException.class).isThrownBy(batches::hasNext);
            assertThatExceptionOfType(DataException.class).isThrownBy(batches::next);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aStreamIsOpenedAndClosedOnceWhetherReadOrBrokenOff(int prefetch) {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        Dataset<Integer> data = () -> {
            opened.incrementAndGet();
            return numbers(100).stream().onClose(closed::incrementAndGet);
        };
        DataLoader<Integer> loader = DataLoader.of(data, COLLATOR).prefetch(prefetch);

        read(loader.epoch(0));
        assertThat(opened).hasValue(1);
        assertThat(closed).hasValue(1);

        try (DataLoader.Pass<Integer> pass = loader.epoch(0)) {
            pass.iterator().next();
        }
        assertThat(opened).hasValue(2);
        assertThat(closed).hasValue(2);

        loader.epoch(0).close();
        assertThat(opened).hasValue(2);
    }

    @Test
    void closingWaitsForTheBatchInHand() throws InterruptedException {
        CountDownLatch collating = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger finished = new AtomicInteger();
        DataLoader<Integer> loader = DataLoader.of(Dataset.of(numbers(20)), examples -> {
            collating.countDown();
            awaitUninterrupted(release);
            finished.incrementAndGet();
            return batch(examples);
        });

        DataLoader.Pass<Integer> pass = loader.epoch(0);
        assertThat(pass.iterator()).isNotNull(); // begins
        collating.await();
        Thread releaser = new Thread(() -> {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            release.countDown();
        });
        releaser.start();
        pass.close();

        assertThat(finished).hasValue(1);
        releaser.join();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("indexed data are not interrupted: they may share a channel", e);
        }
    }

    @Test
    void closingFreesAStreamThatIsStuck() {
        DataLoader<Integer> loader =
                DataLoader.of(DataLoaderTest::stuckAfterTwo, COLLATOR).batchSize(2);

        DataLoader.Pass<Integer> pass = loader.epoch(0);
        assertThat(pass.iterator().next().examples()).containsExactly(0, 1);

        pass.close(); // would wait for ever
    }

    private static Stream<Integer> stuckAfterTwo() {
        return Stream.iterate(0, n -> n + 1).peek(n -> {
            if (n == 2) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the source was interrupted", e);
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void anInterruptReachesAStreamThatIsStuck(int prefetch) throws InterruptedException {
        DataLoader<Integer> loader = DataLoader.of(DataLoaderTest::stuckAfterTwo, COLLATOR)
                .batchSize(2)
                .prefetch(prefetch);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch reading = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            try (DataLoader.Pass<Integer> pass = loader.epoch(0)) {
                Iterator<Batch<Integer>> batches = pass.iterator();
                batches.next();
                reading.countDown();
                batches.next();
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        });

        reader.start();
        reading.await();
        reader.interrupt();
        reader.join();

        assertThat(thrown.get()).hasMessage("the source was interrupted");
    }

    @Test
    void anInterruptedReaderStillGetsItsBatchesAndStaysInterrupted() {
        List<List<Integer>> batches;
        boolean interrupted;
        Thread.currentThread().interrupt();
        try {
            batches = read(loader(7, 3).epoch(0));
        } finally {
            interrupted = Thread.interrupted();
        }

        assertThat(batches).hasSize(3);
        assertThat(interrupted).isTrue();
    }

    @Test
    void closingOnAnotherThreadWakesTheReader() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch collating = new CountDownLatch(1);
        DataLoader<Integer> loader = DataLoader.of(Dataset.of(numbers(20)), examples -> {
            collating.countDown();
            awaitUninterrupted(release);
            return batch(examples);
        });
        DataLoader.Pass<Integer> pass = loader.epoch(0);
        Iterator<Batch<Integer>> batches = pass.iterator();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                while (batches.hasNext()) {
                    batches.next();
                }
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        });
        reader.start();
        collating.await();
        Thread closer = new Thread(pass::close);
        closer.start();
        release.countDown();
        closer.join();
        reader.join();

        // The reader either saw the pass closed, or had read it to the end before.
        assertThat(loaderThreads()).isEmpty();
        if (thrown.get() != null) {
            assertThat(thrown.get()).hasMessageContaining("closed");
        }
    }

    @Test
    void passesBrokenOffAnywhereLeaveNoThread() {
        DataLoader<Integer> loader = loader(30, 1).prefetch(1);

        for (int stop = 0; stop < 200; stop++) {
            try (DataLoader.Pass<Integer> pass = loader.epoch(0)) {
                Iterator<Batch<Integer>> batches = pass.iterator();
                for (int i = 0; i < stop % 31; i++) {
                    if (batches.hasNext()) {
                        batches.next();
                    }
                }
            }
            assertThat(loaderThreads()).isEmpty();
        }
    }

    @Test
    void manyPassesOfOneLoaderDoNotDisturbEachOther() {
        DataLoader<Integer> loader = loader(10, 3).sampler(Sampler.random());
        List<List<Integer>> expected = read(loader.epoch(0));

        try (DataLoader.Pass<Integer> first = loader.epoch(0);
                DataLoader.Pass<Integer> second = loader.epoch(0)) {
            Iterator<Batch<Integer>> one = first.iterator();
            Iterator<Batch<Integer>> two = second.iterator();
            for (List<Integer> batch : expected) {
                assertThat(one.next().examples()).isEqualTo(batch);
                assertThat(two.next().examples()).isEqualTo(batch);
            }
        }
    }

    @Test
    void anEmptyDataSetIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataLoader.of(Dataset.of(List.<Integer>of()), COLLATOR))
                .withMessageContaining("empty");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> read(streaming(0, 3).epoch(0)))
                .withMessageContaining("0 examples");
    }

    @Test
    void anEpochWithoutABatchIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loader(2, 3).dropLast(true).epoch(0))
                .withMessageContaining("2 examples, batchSize is 3 and dropLast is true");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> read(streaming(2, 3).dropLast(true).epoch(0)))
                .withMessageContaining("2 examples, batchSize is 3 and dropLast is true");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loader(2, 3).sampler(epoch -> new int[0]).epoch(0))
                .withMessageContaining("visits 0 examples");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 7})
    void anOrderThatLeavesTheDataIsRefused(int index) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        loader(7, 3).sampler(epoch -> new int[] {0, 1, index}).epoch(4))
                .withMessage("Sampler custom: the order of epoch 4 has " + index
                        + " at position 2, expected 0 to 6; there are 7 examples");
    }

    @Test
    void aStreamIsNotShuffled() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> streaming(7, 3).sampler(Sampler.random()))
                .withMessageContaining("sampler is random")
                .withMessageContaining("IndexedDataset");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aNullExampleIsShownWithItsPlace(int prefetch) {
        Dataset<Integer> data = () -> Stream.of(1, 2, null, 4);

        assertThatThrownBy(() ->
                        read(DataLoader.of(data, COLLATOR).prefetch(prefetch).epoch(0)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("example 2 of the epoch is null");
    }

    @Test
    void settingsOutsideTheirRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> loader(7, 0)).withMessageContaining("batchSize is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loader(7, 3).prefetch(-1))
                .withMessageContaining("prefetch is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loader(7, 3).epoch(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loader(7, 3).epoch(0, -1))
                .withMessageContaining("-1");
    }

    @Test
    void aFailureToCloseIsNotLost() {
        Dataset<Integer> data = () -> numbers(3).stream().onClose(() -> {
            throw new UncheckedIOException(new IOException("the disk is gone"));
        });

        for (int prefetch : new int[] {0, 2}) {
            assertThatThrownBy(() -> read(
                            DataLoader.of(data, COLLATOR).prefetch(prefetch).epoch(0)))
                    .hasMessageContaining("the disk is gone");
        }
    }
}
