package io.bertfinetune.prediction;

import java.util.List;
import java.util.Optional;

/**
 * The answers to a question found in its context, and how probable it is that there is none.
 *
 * @param candidates the answers, most probable first
 * @param noAnswerScore the probability that the context has no answer, 0 to 1; 0 for a model that always answers
 */
public record Answers(List<Answer> candidates, double noAnswerScore) {
    /**
     * Checks that the most probable answer is the first.
     *
     * @param candidates the answers, most probable first
     * @param noAnswerScore the probability that the context has no answer, 0 to 1; 0 for a model that always answers
     */
    public Answers {
        candidates = List.copyOf(candidates);
        for (int i = 1; i < candidates.size(); i++) {
            if (candidates.get(i).score() > candidates.get(i - 1).score()) {
                throw new IllegalArgumentException("Answers: candidate " + i + " has score "
                        + candidates.get(i).score() + ", more than the one before it, "
                        + candidates.get(i - 1).score() + "; expected the most probable first");
            }
        }
    }

    /**
     * The most probable answer.
     *
     * @return the first candidate; empty if there is none, or none is more probable
     */
    public Optional<Answer> best() {
        return candidates.stream().findFirst().filter(answer -> answer.score() >= noAnswerScore);
    }
}
