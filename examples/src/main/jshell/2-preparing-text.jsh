// Part 2 of the workshop as a notebook: docs/workshop/2-preparing-text.md explains what is printed here.
//
// After "mvn -DskipTests package", from the root of the repository:
//
//   jshell --class-path examples/target/bert-finetune-examples.jar examples/src/main/jshell/2-preparing-text.jsh
//
// runs all of it and leaves you at a prompt where "tokenizer" and "model" are yours to ask. To go section by section,
// start jshell without the file and paste one section after the other.
//
// What stands between "source" and "end" is code of the example PreparingText; a test keeps it so.

// ==== Open a model and its tokenizer

import io.bertfinetune.Bert;
import io.bertfinetune.data.*;
import io.bertfinetune.model.*;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.*;

Path pretrained = Path.of("examples/target/models/all-minilm-l6-v2.jar");
var model = Bert.fromPretrained(pretrained).maxLength(24).load(SequenceClassification.of("bad", "good"));
Tokenizer tokenizer = model.tokenizer();
String sentence = "Our friends won't buy this analysis, let alone the next one we propose.";

// ==== From text to tokens

// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#tokens
Encoding encoding = tokenizer.encode(sentence);
int[] ids = encoding.ids();
for (int i = 0; i < encoding.length(); i++) {
    Encoding.Token source = encoding.source().get(i);
    System.out.printf(
            Locale.ROOT,
            "%2d  %5d  %-9s %s%n",
            i,
            ids[i],
            encoding.tokens().get(i),
            source.isSpecial() ? "(added)" : sentence.substring(source.start(), source.end()));
}
// end

// ==== Words that are not in the vocabulary

// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#pieces
for (String word : List.of(
        "analysis",
        "invoice",
        "tokenizer",
        "fine-tuning",
        "PostgreSQL",
        "Zürich",
        "naïve",
        "2026",
        "4711-08",
        "🙂")) {
    List<String> tokens = tokenizer.encode(word).tokens();
    System.out.println(word + " = " + String.join(" ", tokens.subList(1, tokens.size() - 1)));
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#wordpiece
/** WordPiece: the longest entry that fits, then the longest that continues it, to the end of the word. */
List<String> wordPieces(String word, Map<String, Integer> vocabulary) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    while (start < word.length()) {
        int end = word.length();
        String prefix = start == 0 ? "" : "##";
        while (end > start && !vocabulary.containsKey(prefix + word.substring(start, end))) {
            end--;
        }
        if (end == start) {
            return List.of("[UNK]");
        }
        pieces.add(prefix + word.substring(start, end));
        start = end;
    }
    return pieces;
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#by-hand
for (String word : List.of("tokenizer", "postgresql", "unbuyable")) {
    System.out.println(word + " = " + String.join(" ", wordPieces(word, tokenizer.vocabulary())));
}
// end

// ==== Two texts at once

// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#pair
Encoding pair = tokenizer.encode(Text.pair("Can I pay by card?", "Cards are welcome."), 64);
System.out.println("tokens  " + String.join(" ", pair.tokens()));
System.out.println("types   " + Arrays.toString(pair.tokenTypeIds()));
// end

// ==== Too long

// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#truncation
Text text = Text.of(sentence);
System.out.println(tokenizer.encode(text, 12));
Text pair = Text.pair("Is it open?", "It is open every day but Monday, from ten to five.");
System.out.println(tokenizer.encode(pair, 16));
// end

// ==== A batch: padding and mask

// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#batch
List<Example<Text, String>> examples = List.of(
        Example.of(Text.of("The mug arrived in a hundred pieces."), "bad"),
        Example.of(Text.of("Thank you!"), "good"));
Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(examples);
for (String name : List.of("input_ids", "attention_mask", "token_type_ids")) {
    Tensor tensor = batch.tensor(name);
    System.out.println(name + " " + tensor.shape());
    long[] row = new long[tensor.shape().get(1)];
    for (int i = 0; i < batch.size(); i++) {
        tensor.longs().get(i * row.length, row);
        System.out.println("  " + Arrays.toString(row));
    }
}
System.out.println("labels " + batch.tensor("labels").shape());
// end
// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#logits
/** The logits, rounded: more padding, and a sum may be added up in another order. */
String logits(Trace trace) {
    List<String> rounded = new ArrayList<>();
    for (int i = 0; i < trace.logits().shape().get(0); i++) {
        rounded.add(
                String.format(Locale.ROOT, "%.4f", trace.logits().floats().get(i)));
    }
    return rounded.toString();
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#mask
Trace padded = model.trace(Text.of("Thank you!"), Padding.MAX_LENGTH);
System.out.println(String.join(" ", padded.tokens()));
int tokens = padded.tokens().size();
int firstPad = padded.tokens().indexOf("[PAD]");
float toPadding = 0;
for (Tensor attention : padded.attentions()) { // [heads, from, to]
    for (int i = 0; i < attention.floats().limit(); i++) {
        toPadding += i % tokens >= firstPad ? attention.floats().get(i) : 0;
    }
}
System.out.println("attention to [PAD], all layers and heads together: " + toPadding);
System.out.println("logits, padded    " + logits(padded));
System.out.println("logits, unpadded  " + logits(model.trace(Text.of("Thank you!"))));
// end

// ==== What is in the vocabulary

// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#kind
/** What sort of entry this is. */
String kind(String entry) {
    if (entry.matches("\\[unused\\d+]")) {
        return "[unused] entries";
    }
    if (entry.matches("\\[(PAD|UNK|CLS|SEP|MASK)]")) {
        return "special tokens";
    }
    if (entry.startsWith("##") && entry.length() > 2) {
        return "## pieces";
    }
    if (entry.codePointCount(0, entry.length()) == 1) {
        return "single characters";
    }
    return entry.chars().allMatch(Character::isDigit) ? "numbers" : "whole words";
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#vocabulary
Map<String, List<String>> kinds = new TreeMap<>();
for (String entry : tokenizer.vocabulary().keySet()) {
    kinds.computeIfAbsent(kind(entry), kind -> new ArrayList<>()).add(entry);
}
for (var kind : kinds.entrySet()) {
    List<String> entries = kind.getValue();
    int middle = entries.size() / 2;
    List<String> some = entries.subList(middle, Math.min(middle + 5, entries.size()));
    System.out.printf(Locale.ROOT, "%-18s %,6d  %s%n", kind.getKey(), entries.size(), String.join(" ", some));
}
int together = tokenizer.vocabulary().size();
System.out.printf(Locale.ROOT, "%-18s %,6d%n", "together", together);
// end
// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#scripts
Map<Character.UnicodeScript, Integer> scripts = new TreeMap<>();
for (String entry : tokenizer.vocabulary().keySet()) {
    if (kind(entry).equals("single characters")) {
        scripts.merge(Character.UnicodeScript.of(entry.codePointAt(0)), 1, Integer::sum);
    }
}
var byCount = new ArrayList<>(scripts.entrySet());
byCount.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
for (var script : byCount.subList(0, Math.min(8, byCount.size()))) {
    String name = script.getKey().name().toLowerCase(Locale.ROOT);
    System.out.printf(Locale.ROOT, "%-10s %4d%n", name, script.getValue());
}
// end

// ==== How long are the texts of a data set

Path mails = Path.of("examples/src/main/resources/io/bertfinetune/examples/mails/train.csv");
var data = Dataset.csv(mails).map(row -> Example.of(Text.of(row.get("text")), row.get("label")));

// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#lengths
int[] lengths = new int[data.count()];
for (int i = 0; i < lengths.length; i++) {
    lengths[i] = tokenizer.encode(data.get(i).input().text()).length();
}
int[] sorted = lengths.clone();
Arrays.sort(sorted);
int longest = sorted[sorted.length - 1];
for (int start = 0; start <= longest; start += 8) {
    int texts = 0;
    for (int length : lengths) {
        texts += length >= start && length < start + 8 ? 1 : 0;
    }
    String bar = "#".repeat(60 * texts / lengths.length);
    String line = String.format(Locale.ROOT, "%3d to %3d tokens %5d %s", start, start + 7, texts, bar);
    System.out.println(line.stripTrailing());
}
double mean = Arrays.stream(lengths).average().orElseThrow();
System.out.printf(
        Locale.ROOT,
        "%d texts, mean %.1f, half have at most %d, 95 of 100 at most %d, the longest has %d%n",
        sorted.length,
        mean,
        sorted[(sorted.length - 1) / 2],
        sorted[(sorted.length - 1) * 95 / 100],
        longest);
// end
// source: examples/src/main/java/io/bertfinetune/examples/PreparingText.java#max-length
System.out.println("max length   texts cut   tokens, all padded to it   tokens, batches of 16 padded");
for (int max : new int[] {16, 32, 64, 128, 512}) {
    int cut = 0;
    long inBatches = 0;
    for (int start = 0; start < lengths.length; start += 16) {
        int[] batch = Arrays.copyOfRange(lengths, start, Math.min(start + 16, lengths.length));
        int widest = 0;
        for (int length : batch) {
            cut += length > max ? 1 : 0;
            widest = Math.max(widest, Math.min(length, max));
        }
        inBatches += (long) widest * batch.length;
    }
    System.out.printf(
            Locale.ROOT, "%10d %,11d %,26d %,30d%n", max, cut, (long) lengths.length * max, inBatches);
}
// end
