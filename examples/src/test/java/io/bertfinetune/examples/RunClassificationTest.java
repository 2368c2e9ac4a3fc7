package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.error.BertFineTuneException;
import io.bertfinetune.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunClassificationTest {
    private static final Path DATA = Path.of("../../shared/data");

    @TempDir
    private Path folder;

    private Path mails;
    private Path out;

    @BeforeEach
    void prepare() {
        mails = SmallMails.in(folder);
        out = folder.resolve("out");
    }

    private List<String> run(String... flags) throws Exception {
        List<String> args = new ArrayList<>(List.of(flags));
        if (!args.contains("--model_name_or_path")) {
            args.addAll(List.of("--model_name_or_path", TinyBert.in(folder).toString()));
        }
        args.addAll(List.of("--output_dir", out.toString(), "--max_seq_length", "32"));
        return Printed.by(() -> RunClassification.main(args.toArray(String[]::new)));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private JsonObject json(String name) throws IOException {
        return JsonParser.parseString(Files.readString(out.resolve(name))).getAsJsonObject();
    }

    private String mails(String name) {
        return mails.resolve(name).toString();
    }

    @Test
    void trainingEvaluationAndPredictionLeaveTheFilesOfHuggingFace() throws Exception {
        run(
                "--train_file",
                mails("train.csv"),
                "--validation_file",
                mails("validation.csv"),
                "--test_file",
                mails("test.csv"),
                "--do_train",
                "--do_eval",
                "--do_predict",
                "--num_train_epochs",
                "1",
                "--learning_rate",
                "1e-3",
                "--metric_name",
                "accuracy,f1,precision,recall,matthews_correlation");

        assertThat(json("train_results.json").keySet())
                .containsExactlyInAnyOrder(
                        "epoch",
                        "train_loss",
                        "train_runtime",
                        "train_samples",
                        "train_samples_per_second",
                        "train_steps_per_second");
        assertThat(json("eval_results.json").keySet())
                .containsExactlyInAnyOrder(
                        "epoch",
                        "eval_accuracy",
                        "eval_f1",
                        "eval_loss",
                        "eval_matthews_correlation",
                        "eval_precision",
                        "eval_recall",
                        "eval_runtime",
                        "eval_samples",
                        "eval_samples_per_second",
                        "eval_steps_per_second");
        assertThat(json("all_results.json").keySet())
                .containsAll(json("train_results.json").keySet())
                .containsAll(json("eval_results.json").keySet());
        assertThat(json("train_results.json").get("train_samples").getAsInt()).isEqualTo(SmallMails.TRAIN);
        assertThat(json("eval_results.json").get("epoch").getAsDouble()).isEqualTo(1);
        assertThat(Files.readAllLines(out.resolve("predict_results.txt")))
                .hasSize(1 + SmallMails.TEST)
                .startsWith("index\tprediction")
                .element(SmallMails.TEST)
                .asString()
                .matches((SmallMails.TEST - 1) + "\t(account|billing|damage|delivery|product|returns)");
        assertThat(out).isDirectoryContaining("glob:**/model.safetensors").isDirectoryContaining("glob:**/config.json");
    }

    @Test
    void aTrainedModelIsEvaluatedLaterWithItsOwnLabelsAndTheSameResult() throws Exception {
        run(
                "--train_file",
                mails("train.csv"),
                "--validation_file",
                mails("validation.csv"),
                "--do_train",
                "--do_eval");
        JsonObject first = json("eval_results.json");

        run("--model_name_or_path", out.toString(), "--validation_file", mails("validation.csv"), "--do_eval");

        assertThat(json("eval_results.json").get("eval_loss").getAsDouble())
                .isCloseTo(first.get("eval_loss").getAsDouble(), offset(1e-5));
        assertThat(json("all_results.json").has("train_loss")).isTrue();
    }

    @Test
    void samplesAreLimited() throws Exception {
        run(
                "--train_file",
                mails("train.csv"),
                "--validation_file",
                mails("validation.csv"),
                "--test_file",
                mails("test.csv"),
                "--do_train",
                "--do_eval",
                "--do_predict",
                "--max_train_samples",
                "10",
                "--max_eval_samples=7",
                "--max-predict-samples",
                "3",
                "--max_steps",
                "2");

        assertThat(json("train_results.json").get("train_samples").getAsInt()).isEqualTo(10);
        assertThat(json("eval_results.json").get("eval_samples").getAsInt()).isEqualTo(7);
        assertThat(Files.readAllLines(out.resolve("predict_results.txt"))).hasSize(1 + 3);
    }

    @Test
    void anEvaluationStrategyEvaluatesWhileTrainingAndAfter() throws Exception {
        List<String> printed = run(
                "--train_file",
                mails("train.csv"),
                "--validation_file",
                mails("validation.csv"),
                "--do_train",
                "--eval_strategy",
                "steps",
                "--eval_steps",
                "2",
                "--max_steps",
                "4");

        assertThat(printed).anyMatch(line -> line.startsWith("step 2/4, epoch 0.33, eval_loss"));
        assertThat(out.resolve("eval_results.json")).exists();
    }

    @Test
    void theLossAloneCanBeEvaluated() throws Exception {
        run(
                "--train_file",
                mails("train.csv"),
                "--validation_file",
                mails("validation.csv"),
                "--do_train",
                "--do_eval",
                "--prediction_loss_only",
                "--max_steps",
                "1");

        assertThat(json("eval_results.json").keySet()).contains("eval_loss").doesNotContain("eval_accuracy");
    }

    @Test
    void paddingDoesNotChangeTheNumbers() throws Exception {
        run("--train_file", mails("train.csv"), "--do_train", "--max_steps", "1");
        String model = out.toString();
        run("--model_name_or_path", model, "--validation_file", mails("validation.csv"), "--do_eval");
        double loss = json("eval_results.json").get("eval_loss").getAsDouble();

        run(
                "--model_name_or_path",
                model,
                "--validation_file",
                mails("validation.csv"),
                "--do_eval",
                "--pad_to_max_length");

        assertThat(json("eval_results.json").get("eval_loss").getAsDouble()).isCloseTo(loss, offset(1e-5));
    }

    @Test
    void linesOfALabelAndATextAreRead() throws Exception {
        Path train = file("stsa.train", "1 a good film\n0 a bad film\n1 stirring\n0 no movement , no yuks\n");

        run(
                "--train_file", train.toString(),
                "--validation_file", train.toString(),
                "--column_names", "label,sentence",
                "--delimiter", "first-space",
                "--do_train", "--do_eval",
                "--metric_name", "f1");

        assertThat(json("eval_results.json").get("eval_samples").getAsInt()).isEqualTo(4);
        assertThat(JsonParser.parseString(Files.readString(out.resolve("config.json")))
                        .getAsJsonObject()
                        .getAsJsonObject("label2id"))
                .hasToString("{\"0\":0,\"1\":1}");
    }

    @Test
    void filesOfColaAreRead() throws Exception {
        Path train = file("cola.tsv", "gj04\t1\t\tThe \"sailors rode.\ngj04\t0\t*\tThe sailors rided.\n");

        run("--train_file", train.toString(), "--column_names", "source,label,mark,sentence", "--do_train");

        assertThat(json("train_results.json").get("train_samples").getAsInt()).isEqualTo(2);
    }

    @Test
    void twoColumnsAreAPairUnlessTheyAreJoined() throws Exception {
        Path pairs = file("pairs.csv", "premise,hypothesis,label\nit rains,it is wet,1\nit rains,it is dry,0\n");
        String[] common = {
            "--train_file", pairs.toString(),
            "--validation_file", pairs.toString(),
            "--text_column_names", "premise,hypothesis",
            "--do_train", "--do_eval",
            "--max_steps", "1",
            "--learning_rate", "1e-9"
        };
        run(common);
        double loss = json("eval_results.json").get("eval_loss").getAsDouble();

        List<String> joined = new ArrayList<>(List.of(common));
        joined.addAll(List.of("--text_column_delimiter", " and "));
        run(joined.toArray(String[]::new));

        assertThat(json("eval_results.json").get("eval_loss").getAsDouble()).isNotEqualTo(loss);
    }

    @Test
    void aLabelThatOnlyTheValidationFileHasIsToldOf() throws Exception {
        Path train = file("train.csv", "sentence,label\na,x\nb,y\n");
        Path validation = file("validation.csv", "sentence,label\na,w\n");

        List<String> printed = run(
                "--train_file",
                train.toString(),
                "--validation_file",
                validation.toString(),
                "--do_train",
                "--do_eval");

        assertThat(printed).contains("labels of the validation file that the training file does not have: [w]");
    }

    @Test
    void withoutAValidationFileTheTestFileIsEvaluated() throws Exception {
        Path train = file("train.csv", "sentence,label\na,x\nb,y\n");

        List<String> printed =
                run("--train_file", train.toString(), "--test_file", train.toString(), "--do_train", "--do_eval");

        assertThat(printed).contains("no --validation_file; evaluating on --test_file");
    }

    @Test
    void aTestFileNeedsNoLabels() throws Exception {
        Path train = file("train.csv", "sentence,label\na,x\nb,y\n");
        Path test = file("test.csv", "sentence\na\nb\nc\n");

        run("--train_file", train.toString(), "--test_file", test.toString(), "--do_train", "--do_predict");

        assertThat(Files.readAllLines(out.resolve("predict_results.txt"))).hasSize(4);
    }

    @Test
    void flagsThatChangeNothingAreAccepted() throws Exception {
        Path train = file("train.csv", "sentence,label\na,x\nb,y\n");

        List<String> printed = run(
                "--train_file",
                train.toString(),
                "--do_train",
                "--overwrite_output_dir",
                "--shuffle_train_dataset",
                "True");

        assertThat(printed).anyMatch(line -> line.startsWith("--overwrite_output_dir changes nothing"));
    }

    @Test
    void withNothingToDoNothingIsMade() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> run("--train_file", mails("train.csv")))
                .withMessage("nothing to do; say --do_train, --do_eval or --do_predict");
        assertThat(out).doesNotExist();
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> run("--do_train"))
                .withMessageStartingWith("--train_file is missing");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> run("--do_eval"))
                .withMessageStartingWith("--validation_file is missing");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> run("--do_predict"))
                .withMessageStartingWith("--test_file is missing");
    }

    @Test
    void aColumnThatIsNotThereIsShown() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> run(
                        "--train_file",
                        mails("train.csv"),
                        "--label_column_name",
                        "desk",
                        "--text_column_names",
                        "text",
                        "--do_train"))
                .withMessageEndingWith("train.csv:2: no column 'desk'; there are [text, label]");
    }

    @Test
    void aFileWithoutRowsIsRefused() throws IOException {
        Path empty = file("empty.csv", "sentence,label\n");

        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> run("--validation_file", empty.toString(), "--do_eval"))
                .withMessage(empty + ": no rows");
    }

    @Test
    void anUnknownMetricIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("--train_file", mails("train.csv"), "--do_train", "--metric_name", "bleu"))
                .withMessage(
                        "--metric_name is 'bleu', expected accuracy, f1, precision, recall or matthews_correlation");
    }

    @Test
    void aModelThatIsNotThereIsSaid() {
        assertThatExceptionOfType(BertFineTuneException.class)
                .isThrownBy(() -> run(
                        "--model_name_or_path", "bert-base-uncased", "--test_file", mails("test.csv"), "--do_predict"))
                .withMessageContaining("bert-base-uncased");
    }

    @Test
    void publicDataSetsAreReadWhole() throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(DATA),
                "no data sets in " + DATA.toAbsolutePath().normalize());

        run(
                "--train_file",
                DATA.resolve("sst2/stsa.binary.dev").toString(),
                "--column_names",
                "label,sentence",
                "--delimiter",
                "first-space",
                "--do_train",
                "--max_steps",
                "1");
        assertThat(json("train_results.json").get("train_samples").getAsInt()).isEqualTo(872);

        run(
                "--train_file",
                DATA.resolve("cola/in_domain_dev.tsv").toString(),
                "--column_names",
                "source,label,mark,sentence",
                "--do_train",
                "--max_steps",
                "1");
        assertThat(json("train_results.json").get("train_samples").getAsInt()).isEqualTo(527);
    }
}
