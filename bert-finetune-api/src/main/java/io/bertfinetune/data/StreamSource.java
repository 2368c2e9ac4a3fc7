package io.bertfinetune.data;

import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pass over a stream, which is opened by the thread that reads it. */
final class StreamSource<E> implements ExampleSource<E> {
    private final Dataset<E> data;
    private @Nullable Stream<E> stream;
    private @Nullable Iterator<E> examples;

    StreamSource(Dataset<E> data) {
        this.data = data;
    }

    @Override
    public boolean hasNext() {
        return examples().hasNext();
    }

    @Override
    public E next() {
        return examples().next();
    }

    @Override
    public long skip(long count) {
        long skipped = 0;
        while (skipped < count && hasNext()) {
            next();
            skipped++;
        }
        return skipped;
    }

    @Override
    public boolean isInterruptible() {
        return true;
    }

    @Override
    public void close() {
        if (stream != null) {
            stream.close();
        }
    }

    private Iterator<E> examples() {
        if (examples == null) {
            Stream<E> opened = data.stream();
            stream = opened;
            examples = opened.iterator();
        }
        return examples;
    }
}
