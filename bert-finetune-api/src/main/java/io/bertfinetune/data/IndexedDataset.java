package io.bertfinetune.data;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A data set whose elements have numbers, and which can therefore be shuffled, split and folded. Safe for many threads.
 *
 * <p>What draws takes a seed and depends on nothing else: the same seed gives the same parts on every machine.
 *
 * @param <E> element
 */
public interface IndexedDataset<E> extends Dataset<E> {
    /**
     * How many elements there are.
     *
     * @return 0 or more
     */
    int count();

    /**
     * The element with this number.
     *
     * @param index from 0 to below {@link #count}
     * @return the element
     * @throws IndexOutOfBoundsException if there is no such element
     */
    E get(int index);

    @Override
    default Stream<E> stream() {
        return IntStream.range(0, count()).mapToObj(this::get);
    }

    @Override
    default OptionalLong size() {
        return OptionalLong.of(count());
    }

    @Override
    default <R> IndexedDataset<R> map(Function<? super E, ? extends R> change) {
        return new MappedDataset<>(this, change);
    }

    /**
     * The elements that pass a test, which is put to each of them now.
     *
     * @param keep true for an element that stays
     * @return a new data set
     */
    @Override
    default IndexedDataset<E> filter(Predicate<? super E> keep) {
        return new Selection<>(
                this, IntStream.range(0, count()).filter(i -> keep.test(get(i))).toArray());
    }

    /**
     * The first elements.
     *
     * @param count how many at most, 1 or more
     * @return a new data set
     * @throws IllegalArgumentException if {@code count} is below 1
     */
    default IndexedDataset<E> limit(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("limit: count is " + count + ", expected 1 or more");
        }
        return new Selection<>(
                this, IntStream.range(0, Math.min(count, count())).toArray());
    }

    /**
     * Two random parts. {@code share} times the number of elements, rounded, are for training, the rest for evaluation.
     *
     * @param share the share for training, between 0 and 1
     * @param seed decides who goes where
     * @return both parts, shuffled
     * @throws IllegalArgumentException if one part would be empty
     */
    default Split<E> split(double share, long seed) {
        return Splits.random(this, share, seed);
    }

    /**
     * Two random parts in which each value of a key has the same proportion (stratified). Where that does not come out
     * even, the values with the largest remainders get one more, so that the parts are as large as with {@link #split}.
     *
     * @param key what is to be kept in proportion, {@code Example::label} for instance
     * @param share the share for training, between 0 and 1
     * @param seed decides who goes where
     * @return both parts, shuffled
     * @throws IllegalArgumentException if one part would be empty
     */
    default Split<E> splitBy(Function<? super E, ?> key, double share, long seed) {
        return Splits.stratified(this, key, share, seed);
    }

    /**
     * Two random parts with no value of a key on both sides, so that a model is not tested on what it has learned by
     * heart: all mails of one sender, all sentences of one book. The parts come as near to {@code share} as the groups
     * that were drawn allow.
     *
     * @param key what must not be on both sides
     * @param share the share for training, between 0 and 1
     * @param seed decides who goes where
     * @return both parts, each in the order of this data set
     * @throws IllegalArgumentException if {@code key} has fewer than two values
     */
    default Split<E> splitGrouped(Function<? super E, ?> key, double share, long seed) {
        return Splits.grouped(this, key, share, seed);
    }

    /**
     * The {@code k} ways to hold out one {@code k}-th of the elements, each of them once: cross-validation.
     *
     * @param k how many, from 2 to the number of elements
     * @param seed decides who goes where
     * @return {@code k} splits
     * @throws IllegalArgumentException if {@code k} is below 2 or above the number of elements
     */
    default List<Split<E>> folds(int k, long seed) {
        return Splits.folds(this, k, seed);
    }

    /**
     * The {@code k} ways to hold out one {@code k}-th of the elements, each of them once, with each value of a key spread
     * evenly over the parts (stratified): no part has more than one element of it more than another.
     *
     * @param key what is to be kept in proportion, {@code Example::label} for instance
     * @param k how many, from 2 to the number of elements
     * @param seed decides who goes where
     * @return {@code k} splits
     * @throws IllegalArgumentException if {@code k} is below 2 or above the number of elements
     */
    default List<Split<E>> foldsBy(Function<? super E, ?> key, int k, long seed) {
        return Splits.stratifiedFolds(this, key, k, seed);
    }

    /**
     * The {@code k} ways to hold out one {@code k}-th of the elements, each of them once, with no value of a key on both
     * sides. Large groups are placed first, each in the part that has least, so the parts come out about as large as groups
     * allow.
     *
     * @param key what must not be on both sides
     * @param k how many, from 2 to the number of values the key has
     * @param seed decides where groups of one size go
     * @return {@code k} splits
     * @throws IllegalArgumentException if {@code k} is below 2 or above the number of values of {@code key}
     */
    default List<Split<E>> foldsGrouped(Function<? super E, ?> key, int k, long seed) {
        return Splits.groupedFolds(this, key, k, seed);
    }

    /**
     * A data set cut in two.
     *
     * @param train what a model learns from
     * @param eval what it is measured on
     * @param <E> element
     */
    record Split<E>(IndexedDataset<E> train, IndexedDataset<E> eval) {}
}
