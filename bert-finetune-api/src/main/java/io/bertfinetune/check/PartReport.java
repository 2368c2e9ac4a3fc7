package io.bertfinetune.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the check saw of one data set. Shares are 0 where nothing was tokenized.
 *
 * @param name {@code train}, {@code eval}, or the name the evaluation set has
 * @param rows how many rows were read
 * @param complete whether these are all there are
 * @param tokenized how many of them were tokenized, spread evenly over the data
 * @param meanTokens how many tokens a text has that the model reads, special tokens included
 * @param tokens95 the least number of tokens that 95 % of the texts keep to, before cutting
 * @param longest the tokens of the longest text, before cutting
 * @param truncated the share of texts that are cut
 * @param unknown the share of {@code [UNK]} among the tokens
 * @param empty how many of the rows are empty
 * @param duplicates how many of the rows are in the training set as well; 0 for that itself
 * @param labels how many rows each label has; nothing for labels that are no names
 */
public record PartReport(
        String name,
        long rows,
        boolean complete,
        int tokenized,
        double meanTokens,
        int tokens95,
        int longest,
        double truncated,
        double unknown,
        long empty,
        long duplicates,
        Map<String, Long> labels) {
    /**
     * Copies the labels.
     *
     * @param name {@code train}, {@code eval}, or the name the evaluation set has
     * @param rows how many rows were read
     * @param complete whether these are all there are
     * @param tokenized how many of them were tokenized
     * @param meanTokens how many tokens a text has that the model reads
     * @param tokens95 the least number of tokens that 95 % of the texts keep to
     * @param longest the tokens of the longest text
     * @param truncated the share of texts that are cut
     * @param unknown the share of {@code [UNK]} among the tokens
     * @param empty how many of the rows are empty
     * @param duplicates how many of the rows are in the training set as well
     * @param labels how many rows each label has
     */
    public PartReport {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
}
