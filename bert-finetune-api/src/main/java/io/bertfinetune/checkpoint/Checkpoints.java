package io.bertfinetune.checkpoint;

import io.bertfinetune.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints in a folder, {@code checkpoint-<step>} each. One is written under another name, with everything forced
 * to the disk and a manifest last, and gets its name at once: whenever the machine stops, what is called
 * {@code checkpoint-…} is whole. For one thread.
 */
public final class Checkpoints {
    private static final Logger log = LoggerFactory.getLogger("io.bertfinetune.Trainer");

    private static final String PREFIX = "checkpoint-";
    private static final String UNFINISHED = ".tmp-";
    private static final String REPLACED = ".old-";
    private static final Pattern CHECKPOINT = Pattern.compile(PREFIX + "(\\d{1,18})");
    private static final Pattern UNFINISHED_CHECKPOINT = Pattern.compile("\\.tmp-checkpoint-\\d{1,18}-(\\d{1,18})");

    private final Path folder;
    private final FileOperations files;

    /** What goes into a checkpoint. */
    @FunctionalInterface
    public interface Contents {
        /**
         * Writes everything but the manifest.
         *
         * @param checkpoint an empty folder
         * @param operations how to write into it
         * @throws IOException if something cannot be written
         */
        void writeTo(Path checkpoint, FileOperations operations) throws IOException;
    }

    /**
     * A checkpoint that was compared with its manifest.
     *
     * @param folder the checkpoint
     * @param files the names of its files
     */
    public record Whole(Path folder, Set<String> files) {
        /**
         * Copies the names.
         *
         * @param folder the checkpoint
         * @param files the names
         */
        public Whole {
            files = Set.copyOf(files);
        }
    }

    /** A checkpoint and what it says of its run, if that can be read. */
    private record Stored(Path folder, Optional<RunState> state) {
        long sequence() {
            return state.map(RunState::sequence).orElse(-1L);
        }
    }

    /**
     * The checkpoints of a folder.
     *
     * @param folder the folder; need not be there
     * @param files how it is read and written
     */
    public Checkpoints(Path folder, FileOperations files) {
        this.folder = folder;
        this.files = files;
    }

    /**
     * Makes the folder ready: creates it, tries to write to it, and cleans up what an earlier process left behind.
     *
     * @throws CheckpointException if it cannot be written to
     */
    public void prepare() {
        Path probe = unfinished(of(0));
        try {
            deleteTree(probe);
            files.createFolders(probe);
            files.write(probe.resolve("probe"), new byte[] {1});
            deleteTree(probe);
            recover();
        } catch (IOException e) {
            throw new CheckpointException("outputDir " + folder + " cannot be written to: " + e, e);
        }
    }

    /**
     * Where the checkpoint of a step is or would be.
     *
     * @param step the optimizer steps done
     * @return the folder
     */
    public Path of(long step) {
        return folder.resolve(PREFIX + step);
    }

    /**
     * Writes a checkpoint; one of the same step is replaced.
     *
     * @param step the optimizer steps done
     * @param contents what goes into it
     * @return its folder
     * @throws CheckpointException if it cannot be written; those that were there are as they were
     */
    public Path write(long step, Contents contents) {
        Path whole = of(step);
        Path unfinished = unfinished(whole);
        try {
            deleteTree(unfinished);
            files.createFolders(unfinished);
            contents.writeTo(unfinished, files);
            for (Path file : Manifest.filesIn(unfinished)) {
                files.force(file);
            }
            Path manifest = unfinished.resolve(Manifest.NAME);
            files.write(manifest, Manifest.of(unfinished));
            files.force(manifest);
            files.force(unfinished);
            moveIntoPlace(unfinished, whole);
            return whole;
        } catch (IOException e) {
            throw cleanedUp(unfinished, new CheckpointException("checkpoint " + whole + " cannot be written: " + e, e));
        } catch (RuntimeException e) {
            throw cleanedUp(unfinished, e);
        }
    }

    private void moveIntoPlace(Path unfinished, Path whole) throws IOException {
        Path replaced = whole.resolveSibling(REPLACED + whole.getFileName());
        boolean replaces = Files.exists(whole);
        if (replaces) {
            deleteTree(replaced);
            files.move(whole, replaced);
        }
        try {
            files.move(unfinished, whole);
        } catch (IOException e) {
            if (replaces) {
                files.move(replaced, whole);
            }
            throw e;
        }
        files.force(folder);
        if (replaces) {
            retire(replaced, unfinished);
        }
    }

    private <X extends RuntimeException> X cleanedUp(Path unfinished, X error) {
        try {
            deleteTree(unfinished);
        } catch (IOException e) {
            error.addSuppressed(e);
        }
        return error;
    }

    /**
     * Deletes the oldest checkpoints of a run until there are no more than the limit. The newest stays, and those that
     * are asked to; those of other runs are not touched. One that cannot be deleted is told of in the log.
     *
     * @param limit 1 or more
     * @param run the run
     * @param kept checkpoints that stay however many there are
     */
    public void rotate(int limit, String run, Set<Path> kept) {
        List<Path> own = oldestFirst().stream()
                .filter(stored ->
                        stored.state().map(state -> state.run().equals(run)).orElse(false))
                .map(Stored::folder)
                .toList();
        Set<Path> staying = kept.stream().map(Checkpoints::one).collect(Collectors.toSet());
        int tooMany = own.size() - limit;
        for (Path checkpoint : own.subList(0, Math.max(0, own.size() - 1))) {
            if (tooMany > 0 && !staying.contains(one(checkpoint))) {
                retire(checkpoint, unfinished(checkpoint));
                tooMany--;
            }
        }
    }

    /** The one name a folder has among relative names and links. */
    private static Path one(Path checkpoint) {
        try {
            return checkpoint.toRealPath();
        } catch (IOException e) {
            return checkpoint.toAbsolutePath().normalize(); // it is gone
        }
    }

    /** Takes its name from a checkpoint before its files, so that it is never there in part. */
    private void retire(Path checkpoint, Path nameless) {
        try {
            deleteTree(nameless);
            files.move(checkpoint, nameless);
            deleteTree(nameless);
        } catch (IOException e) {
            log.warn("checkpoint {} is no longer needed but cannot be deleted: {}", checkpoint, e.toString());
        }
    }

    /**
     * The number the next checkpoint gets.
     *
     * @return 1 more than the highest
     */
    public long nextSequence() {
        return oldestFirst().stream().mapToLong(Stored::sequence).max().orElse(0) + 1;
    }

    /**
     * The newest checkpoint that is whole. One that is not is told of in the log.
     *
     * @return its folder and files, if there is one
     */
    public Optional<Whole> latest() {
        recoverIfThere();
        List<Stored> all = oldestFirst();
        for (int i = all.size() - 1; i >= 0; i--) {
            Path folder = all.get(i).folder();
            try {
                return Optional.of(verify(folder));
            } catch (CheckpointException e) {
                log.warn("checkpoint {} is skipped: {}", folder, e.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * Compares a checkpoint with its manifest.
     *
     * @param checkpoint the folder
     * @return the checkpoint, whole
     * @throws CheckpointException if a file is missing or damaged; the message names it
     */
    public static Whole verify(Path checkpoint) {
        if (!Files.isDirectory(checkpoint)) {
            throw new CheckpointException("checkpoint " + checkpoint + ": no such folder");
        }
        return new Whole(checkpoint, Manifest.verify(checkpoint));
    }

    /**
     * Whether a folder has a manifest; those of Hugging Face have none.
     *
     * @param checkpoint the folder
     * @return true if it has
     */
    public static boolean hasManifest(Path checkpoint) {
        return Files.exists(checkpoint.resolve(Manifest.NAME));
    }

    static boolean isThere(Path checkpoint) {
        return Files.isDirectory(checkpoint);
    }

    private List<Stored> oldestFirst() {
        return matching(CHECKPOINT).stream()
                .map(checkpoint -> new Stored(checkpoint, stateOf(checkpoint)))
                .sorted(Comparator.comparingLong(Stored::sequence).thenComparingLong(stored -> step(stored.folder())))
                .toList();
    }

    private static Optional<RunState> stateOf(Path checkpoint) {
        try {
            return Optional.of(RunState.read(checkpoint));
        } catch (CheckpointException e) {
            log.debug("checkpoint {} has no readable state: {}", checkpoint, e.getMessage());
            return Optional.empty();
        }
    }

    private static long step(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
    }

    private void recoverIfThere() {
        if (Files.isDirectory(folder)) {
            try {
                recover();
            } catch (IOException e) {
                log.warn("what an earlier run left in {} cannot be cleaned up: {}", folder, e.toString());
            }
        }
    }

    /** Finishes replacements that were cut off, and deletes what processes that are gone left unfinished. */
    private void recover() throws IOException {
        for (Path replaced : matching(Pattern.compile(Pattern.quote(REPLACED) + CHECKPOINT.pattern()))) {
            Path whole =
                    replaced.resolveSibling(replaced.getFileName().toString().substring(REPLACED.length()));
            if (Files.exists(whole)) {
                deleteTree(replaced);
            } else {
                log.info("checkpoint {} was being replaced; the old one is back", whole);
                files.move(replaced, whole);
            }
        }
        for (Path unfinished : matching(UNFINISHED_CHECKPOINT)) {
            Matcher name =
                    UNFINISHED_CHECKPOINT.matcher(unfinished.getFileName().toString());
            if (name.matches() && !belongsToAnother(Long.parseLong(name.group(1)))) {
                log.info("{} was never finished and is deleted", unfinished);
                deleteTree(unfinished);
            }
        }
    }

    private static boolean belongsToAnother(long pid) {
        return pid != ProcessHandle.current().pid()
                && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private List<Path> matching(Pattern name) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry ->
                            name.matcher(entry.getFileName().toString()).matches())
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException("checkpoints in " + folder + " cannot be listed: " + e, e);
        }
    }

    private Path unfinished(Path checkpoint) {
        return checkpoint.resolveSibling(UNFINISHED + checkpoint.getFileName() + "-"
                + ProcessHandle.current().pid());
    }

    private void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> deepestFirst = new ArrayList<>();
        try (Stream<Path> all = Files.walk(tree)) {
            all.forEach(path -> deepestFirst.add(0, path));
        }
        for (Path path : deepestFirst) {
            files.delete(path);
        }
    }
}
