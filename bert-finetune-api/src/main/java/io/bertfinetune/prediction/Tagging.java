package io.bertfinetune.prediction;

import io.bertfinetune.text.Span;
import io.bertfinetune.text.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A tag for every word, with the probability of each.
 *
 * @param words the words
 * @param tags the most probable tag of each word
 * @param scores the probability of each of these tags
 */
public record Tagging(Words words, List<String> tags, List<Double> scores) {
    /**
     * Checks that there are a tag and a score for each word.
     *
     * @param words the words
     * @param tags the most probable tag of each word
     * @param scores the probability of each of these tags
     */
    public Tagging {
        Objects.requireNonNull(words, "words");
        tags = List.copyOf(tags);
        scores = List.copyOf(scores);
        int count = words.spans().size();
        if (tags.size() != count || scores.size() != count) {
            throw new IllegalArgumentException("Tagging: " + count + " words, " + tags.size() + " tags and "
                    + scores.size() + " scores; expected as many of each");
        }
    }

    /**
     * Tags that are sure: those of a person, in labelled data.
     *
     * @param words the words
     * @param tags the tag of each word
     * @return the tags, each with score 1
     */
    public static Tagging of(Words words, List<String> tags) {
        return new Tagging(words, tags, Collections.nCopies(tags.size(), 1.0));
    }

    /**
     * The typed stretches of text that the tags spell out, read as {@code conlleval} and seqeval's default mode read them:
     * tags are {@code O}, or {@code B-}, {@code I-}, {@code E-} or {@code S-} before a type (IOB1, IOB2, BIOES). A word
     * goes on with the entity of the word before it if it is tagged {@code I-} or {@code E-}, that one {@code B-} or
     * {@code I-}, and both with the same type; any other tagged word begins an entity. So {@code I-} without a {@code B-}
     * begins one too. A bare {@code B} or {@code I} has the type {@code _}.
     *
     * @return the entities, in the order of the text
     * @throws IllegalArgumentException if a tag is none of these; the message names it
     */
    public List<Entity> entities() {
        List<Tag> read = tags.stream().map(Tag::parse).toList();
        List<Entity> entities = new ArrayList<>();
        for (int start = 0, end; start < read.size(); start = end) {
            end = start + 1;
            while (end < read.size() && read.get(end).continues(read.get(end - 1))) {
                end++;
            }
            if (!read.get(start).isOutside()) {
                entities.add(entity(read.get(start).type(), start, end));
            }
        }
        return Collections.unmodifiableList(entities);
    }

    private Entity entity(String type, int start, int end) {
        Span characters = new Span(
                words.spans().get(start).start(), words.spans().get(end - 1).end());
        return new Entity(
                type,
                characters.in(words.text()),
                new Span(start, end),
                characters,
                Collections.min(scores.subList(start, end)));
    }

    private record Tag(char prefix, String type) {
        static Tag parse(String tag) {
            boolean isBare = tag.length() == 1 && "OBIES".contains(tag);
            if (!isBare && !tag.matches("(?s)[BIES]-.*")) {
                throw new IllegalArgumentException("Tagging: tag '" + tag
                        + "' spells no entity; expected O, or B-, I-, E- or S- before a type"
                        + " (of BILOU, write L as E and U as S)");
            }
            String type = isBare ? "" : tag.substring(2);
            return new Tag(tag.charAt(0), type.isEmpty() ? "_" : type);
        }

        boolean isOutside() {
            return prefix == 'O';
        }

        boolean continues(Tag before) {
            return (prefix == 'I' || prefix == 'E')
                    && (before.prefix == 'B' || before.prefix == 'I')
                    && type.equals(before.type);
        }
    }
}
