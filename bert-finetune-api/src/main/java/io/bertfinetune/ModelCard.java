package io.bertfinetune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a model card says that the {@code Trainer} cannot know: the arguments of Hugging Face's {@code create_model_card}.
 * {@link Trainer#createModelCard} adds the rest and writes it.
 *
 * <pre>{@code
 * model.save(folder);
 * trainer.createModelCard(folder, ModelCard.named("mail-desk").license("apache-2.0").dataset("customer-mails"));
 * }</pre>
 *
 * <p>Does not change.
 */
public final class ModelCard {
    private final String name;
    private final String license;
    private final Optional<String> baseModel;
    private final Optional<String> language;
    private final Optional<String> dataset;
    private final List<String> tags;

    private ModelCard(
            String name,
            String license,
            Optional<String> baseModel,
            Optional<String> language,
            Optional<String> dataset,
            List<String> tags) {
        this.name = name;
        this.license = license;
        this.baseModel = baseModel;
        this.language = language;
        this.dataset = dataset;
        this.tags = List.copyOf(tags);
    }

    /**
     * The card of a model of this name, its license unknown.
     *
     * @param modelName the name
     * @return the card, to be filled in
     * @throws IllegalArgumentException if it is blank or has a line break, as everywhere here
     */
    public static ModelCard named(String modelName) {
        return new ModelCard(
                line("name", modelName),
                "unknown",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of("generated_from_trainer"));
    }

    /**
     * The same under this license; {@code unknown} unless said. (Hugging Face asks the Hub for that of the base model.)
     *
     * @param license its id on the Hub, {@code apache-2.0} for instance
     * @return a new card
     */
    public ModelCard license(String license) {
        return new ModelCard(name, line("license", license), baseModel, language, dataset, tags);
    }

    /**
     * The same with the model training began with.
     *
     * @param baseModel its id on the Hub, {@code google-bert/bert-base-uncased} for instance
     * @return a new card
     */
    public ModelCard baseModel(String baseModel) {
        return new ModelCard(name, license, Optional.of(line("baseModel", baseModel)), language, dataset, tags);
    }

    /**
     * The same with the language of the texts.
     *
     * @param language its ISO 639-1 code, {@code en} for instance
     * @return a new card
     */
    public ModelCard language(String language) {
        return new ModelCard(name, license, baseModel, Optional.of(line("language", language)), dataset, tags);
    }

    /**
     * The same with the data it was trained and evaluated on. Without it there are no results in the {@code model-index}:
     * the Hub refuses results of no data.
     *
     * @param dataset its id on the Hub, or a name of your own
     * @return a new card
     */
    public ModelCard dataset(String dataset) {
        return new ModelCard(name, license, baseModel, language, Optional.of(line("dataset", dataset)), tags);
    }

    /**
     * The same with one more tag; {@code generated_from_trainer} is always there.
     *
     * @param tag the tag
     * @return a new card
     */
    public ModelCard tag(String tag) {
        List<String> more = new ArrayList<>(tags);
        more.add(more.size() - 1, line("tag", tag));
        return new ModelCard(name, license, baseModel, language, dataset, more);
    }

    String name() {
        return name;
    }

    String license() {
        return license;
    }

    Optional<String> baseModel() {
        return baseModel;
    }

    Optional<String> language() {
        return language;
    }

    Optional<String> dataset() {
        return dataset;
    }

    List<String> tags() {
        return tags;
    }

    private static String line(String what, String text) {
        if (text.isBlank() || !text.equals(text.lines().findFirst().orElse(""))) {
            throw new IllegalArgumentException(
                    "ModelCard: " + what + " is '" + text + "', expected one line that is not blank");
        }
        return text;
    }
}
