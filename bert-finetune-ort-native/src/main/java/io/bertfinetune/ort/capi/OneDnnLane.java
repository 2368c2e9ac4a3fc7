package io.bertfinetune.ort.capi;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.bertfinetune.ort.capi.OneDnn.OneDnnException;
import io.bertfinetune.ort.capi.OneDnnPrimitives.Primitive;
import io.bertfinetune.ort.capi.OneDnnPrimitives.Ready;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One oneDNN stream and what runs on it, for one thread at a time; it computes on that thread alone. */
final class OneDnnLane implements AutoCloseable {
    private static final long CACHE_LINE = 64;

    private final OneDnnPrimitives primitives;
    private final OneDnnProducts products;
    private final OneDnnPieces pieces;
    private final OneDnnNorms norms;
    private Memory rows = new Memory(Float.BYTES);

    private OneDnnLane(OneDnnPrimitives primitives) {
        this.primitives = primitives;
        this.products = new OneDnnProducts(primitives);
        this.pieces = new OneDnnPieces(primitives);
        this.norms = new OneDnnNorms(primitives);
    }

    static OneDnnLane open(OneDnn api) throws OneDnnException {
        return new OneDnnLane(OneDnnPrimitives.open(api));
    }

    OneDnnProducts products() {
        return products;
    }

    OneDnnPieces pieces() {
        return pieces;
    }

    OneDnnNorms norms() {
        return norms;
    }

    /** Something that is computed. */
    @FunctionalInterface
    interface Work {
        void run() throws OneDnnException;
    }

    /** Runs on this thread alone; the number of threads that OpenMP has for it elsewhere stays. */
    void alone(Work work) throws OneDnnException {
        int threads = OneDnnCalls.omp_get_max_threads();
        setThreads(threads, 1);
        try {
            work.run();
        } finally {
            setThreads(1, threads);
        }
    }

    private static void setThreads(int before, int wanted) {
        if (before != wanted) {
            OneDnnCalls.omp_set_num_threads(wanted);
        }
    }

    /** Something that is done to so many numbers from a place on. */
    @FunctionalInterface
    interface PieceWork {
        void run(long at, long count) throws OneDnnException;
    }

    /** Works through the places from one to another in powers of two, so that there are few primitives whatever the sizes. */
    static void inPieces(long from, long to, long most, PieceWork work) throws OneDnnException {
        long at = from;
        while (at < to) {
            long some = Math.min(Long.highestOneBit(to - at), most);
            work.run(at, some);
            at += some;
        }
    }

    /** Room of this lane for rows of numbers, one behind the other. */
    long rows(int howMany, long count) {
        if (rows.size() < howMany * count * Float.BYTES + CACHE_LINE) {
            rows.close();
            rows = new Memory(howMany * count * Float.BYTES + CACHE_LINE);
        }
        return -(-Pointer.nativeValue(rows) & -CACHE_LINE);
    }

    /** How many primitives are kept. */
    int primitives() {
        return Math.toIntExact(kept().count());
    }

    /** The names of oneDNN's kernels that compute them. */
    Set<String> kernels() {
        return kept().map(Primitive::kernel).collect(Collectors.toSet());
    }

    private Stream<Primitive> kept() {
        return Stream.concat(
                products.kept().stream(),
                Stream.concat(pieces.kept().stream(), norms.kept().stream()).map(Ready::primitive));
    }

    @Override
    public void close() {
        products.close();
        pieces.close();
        norms.close();
        rows.close();
        primitives.close();
    }
}
