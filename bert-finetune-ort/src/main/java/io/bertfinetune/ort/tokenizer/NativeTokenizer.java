package io.bertfinetune.ort.tokenizer;

import static java.util.Objects.requireNonNull;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.util.PairList;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A tokenizer of Hugging Face's Rust library, made safe: see the page of this package. */
final class NativeTokenizer implements CloseableTokenizer {
    /** Texts handed over together: enough for the native threads to share, few enough that close() waits not long. */
    private static final int BATCH = 64;

    private static final Map<String, String> NEVER_CUT_OR_PAD = Map.of("truncation", "false", "padding", "false");

    private final HuggingFaceTokenizer tokenizer;
    private final TokenizerJson json;
    private final Map<Integer, String> tokens;
    private final int specialTokens;
    private final int specialTokensOfPair;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private NativeTokenizer(HuggingFaceTokenizer tokenizer, TokenizerJson json) {
        this.tokenizer = tokenizer;
        this.json = json;
        this.tokens = new HashMap<>();
        json.vocabulary().forEach((token, id) -> tokens.put(id, token));
        this.specialTokens = specialTokens(tokenizer.encode("", true, false));
        this.specialTokensOfPair = specialTokens(tokenizer.encode("", "", true, false));
    }

    static CloseableTokenizer open(TokenizerJson json) {
        HuggingFaceTokenizer tokenizer = load(json);
        try {
            return new NativeTokenizer(tokenizer, json);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static HuggingFaceTokenizer load(TokenizerJson json) {
        DjlSettings.keepOffline();
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        try {
            thread.setContextClassLoader(HuggingFaceTokenizer.class.getClassLoader()); // where it looks for its natives
            byte[] content = json.content().getBytes(StandardCharsets.UTF_8);
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content), NEVER_CUT_OR_PAD);
        } catch (ai.djl.engine.EngineException | LinkageError e) {
            throw new EngineException(
                    "The native tokenizers library does not start on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + " (" + root(e) + "). It runs on Linux x86-64 and aarch64"
                            + " with glibc 2.34 or newer, macOS aarch64 and Windows x86-64, and must be able to unpack"
                            + " itself into DJL_CACHE_DIR, by default ~/.djl.ai. Elsewhere, give Bert.tokenizer one of"
                            + " your own",
                    e);
        } catch (IOException | RuntimeException e) {
            throw json.origin().error("is not a tokenizer: " + e.getMessage(), e);
        } finally {
            thread.setContextClassLoader(usual);
        }
    }

    private static Throwable root(Throwable e) {
        return e.getCause() == null ? e : root(e.getCause());
    }

    /** How many tokens are put around an empty text; they must be BERT's and in the vocabulary. */
    private int specialTokens(ai.djl.huggingface.tokenizers.Encoding empty) {
        List<String> around = Arrays.stream(empty.getIds())
                .mapToObj(id -> tokens.getOrDefault((int) id, "id " + id))
                .toList();
        SpecialTokens expected = json.specialTokens();
        boolean known = Arrays.stream(empty.getIds()).allMatch(id -> tokens.containsKey((int) id));
        if (!known || !around.contains(expected.cls()) || !around.contains(expected.sep())) {
            throw json.origin()
                    .error("has a post_processor that puts " + around + " around texts; expected " + expected.cls()
                            + " and " + expected.sep() + " of its vocabulary");
        }
        return around.size();
    }

    @Override
    public Encoding encode(Text text, int maxLength) {
        int room = room(text, maxLength);
        return cut(whileOpen(() -> encode(text)), text, room);
    }

    @Override
    public List<Encoding> encodeAll(List<Text> texts, int maxLength) {
        int[] rooms = texts.stream().mapToInt(text -> room(text, maxLength)).toArray();
        List<Encoding> encodings = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); from += BATCH) {
            List<Text> batch = texts.subList(from, Math.min(from + BATCH, texts.size()));
            ai.djl.huggingface.tokenizers.Encoding[] uncut = whileOpen(() -> encode(batch));
            for (int i = 0; i < uncut.length; i++) {
                encodings.add(cut(uncut[i], batch.get(i), rooms[from + i]));
            }
        }
        return Collections.unmodifiableList(encodings);
    }

    @Override
    public String decode(int... ids) {
        for (int id : ids) {
            if (!tokens.containsKey(id)) {
                throw new IllegalArgumentException("decode: the tokenizer of "
                        + json.origin().source() + " has no id " + id + "; it has " + tokens.size() + " tokens");
            }
        }
        long[] wide = Arrays.stream(ids).asLongStream().toArray();
        String text = whileOpen(() -> tokenizer.decode(wide, true));
        return json.cleanUp() ? Spaces.cleanUp(text) : text;
    }

    @Override
    public Map<String, Integer> vocabulary() {
        return json.vocabulary();
    }

    @Override
    public int padId() {
        return requireNonNull(json.vocabulary().get(json.specialTokens().pad()));
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            tokenizer.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private <T> T whileOpen(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (tokenizer.isReleased()) {
                throw new IllegalStateException(
                        "The tokenizer of " + json.origin().source() + " is closed");
            }
            return work.get();
        } finally {
            lock.readLock().unlock();
            Reference.reachabilityFence(tokenizer); // its finalizer frees it, even while native code is at work
        }
    }

    /** How many tokens there may be beside the special ones. */
    private int room(Text text, int maxLength) {
        int special = text.pair().isPresent() ? specialTokensOfPair : specialTokens;
        if (maxLength <= special) {
            throw new IllegalArgumentException(
                    "maxLength is " + maxLength + ", but " + special + " special tokens go with "
                            + (text.pair().isPresent() ? "a pair" : "a text") + "; expected at least " + (special + 1));
        }
        return maxLength - special;
    }

    private ai.djl.huggingface.tokenizers.Encoding encode(Text text) {
        String first = Unicode.wellFormed(text.text());
        return text.pair()
                .map(second -> tokenizer.encode(first, Unicode.wellFormed(second), true, false))
                .orElseGet(() -> tokenizer.encode(first, true, false));
    }

    private ai.djl.huggingface.tokenizers.Encoding[] encode(List<Text> batch) {
        String[] first =
                batch.stream().map(text -> Unicode.wellFormed(text.text())).toArray(String[]::new);
        String[] second = batch.stream()
                .flatMap(text -> text.pair().stream())
                .map(Unicode::wellFormed)
                .toArray(String[]::new);
        if (second.length == 0) {
            return tokenizer.batchEncode(first, true, false);
        }
        if (second.length == first.length) {
            return tokenizer.batchEncode(new PairList<>(List.of(first), List.of(second)), true, false);
        }
        return batch.stream().map(this::encode).toArray(ai.djl.huggingface.tokenizers.Encoding[]::new);
    }

    /** The encoding without the tokens at the end of each text for which there is no room. */
    private Encoding cut(ai.djl.huggingface.tokenizers.Encoding uncut, Text text, int room) {
        long[] ids = uncut.getIds();
        int[] kept = kept(uncut.getSequenceIds(), room);
        IntFunction<Encoding.Token> sources = sources(uncut, text);
        return Encoding.of(
                Arrays.stream(kept).map(i -> (int) ids[i]).toArray(),
                Arrays.stream(kept).map(i -> (int) uncut.getTypeIds()[i]).toArray(),
                Arrays.stream(kept).mapToObj(i -> tokens.get((int) ids[i])).toList(),
                Arrays.stream(kept).mapToObj(sources).toList());
    }

    /** The places of the tokens that stay; a sequence is 0 or 1 for a token of the two texts, -1 for a special one. */
    private static int[] kept(long[] sequences, int room) {
        int[] lengths = new int[2];
        for (long sequence : sequences) {
            if (sequence >= 0) {
                lengths[(int) sequence]++;
            }
        }
        Truncation stay = Truncation.longestFirst(lengths[0], lengths[1], room);
        int[] left = {stay.first(), stay.second()};
        IntStream.Builder kept = IntStream.builder();
        for (int i = 0; i < sequences.length; i++) {
            if (sequences[i] < 0 || left[(int) sequences[i]]-- > 0) {
                kept.add(i);
            }
        }
        return kept.build().toArray();
    }

    private static IntFunction<Encoding.Token> sources(ai.djl.huggingface.tokenizers.Encoding uncut, Text text) {
        long[] sequences = uncut.getSequenceIds();
        long[] words = uncut.getWordIds();
        CharSpan[] spans = uncut.getCharTokenSpans();
        IntUnaryOperator first = Unicode.utf16Positions(text.text());
        IntUnaryOperator second = Unicode.utf16Positions(text.pair().orElse(""));
        return i -> {
            if (sequences[i] < 0) {
                return Encoding.Token.SPECIAL;
            }
            IntUnaryOperator utf16 = sequences[i] == 0 ? first : second;
            return new Encoding.Token(
                    utf16.applyAsInt(spans[i].getStart()), utf16.applyAsInt(spans[i].getEnd()), (int) words[i]);
        };
    }
}
