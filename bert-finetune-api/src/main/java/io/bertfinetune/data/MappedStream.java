package io.bertfinetune.data;

import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** Another data set, each element changed as it comes. */
record MappedStream<E, R>(Dataset<E> source, Function<? super E, ? extends R> change) implements Dataset<R> {
    @Override
    public Stream<R> stream() {
        return source.stream().map(change);
    }

    @Override
    public OptionalLong size() {
        return source.size();
    }
}
