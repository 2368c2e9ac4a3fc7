package io.bertfinetune.data;

import java.util.Optional;

/** A pass that makes each batch when it is asked for. */
final class DirectPass<E> extends ReadOncePass<E> {
    private final BatchMaker<E> maker;

    DirectPass(BatchMaker<E> maker) {
        this.maker = maker;
    }

    @Override
    Optional<Batch<E>> nextBatch() {
        return maker.next();
    }

    @Override
    void end() {
        maker.close();
    }
}
