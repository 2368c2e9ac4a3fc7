package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerDataCheckTest {
    private final LinearModel model = Numbers.model();

    private static Trainer.Builder<Text, String, Classification> builder(
            LinearModel model, Dataset<Example<Text, String>> data) {
        return Trainer.builder()
                .model(model)
                .trainDataset(data)
                .learningRate(0.5)
                .maxSteps(4);
    }

    /** Counts the rows that are read. */
    private static final class Watched implements IndexedDataset<Example<Text, String>> {
        private final IndexedDataset<Example<Text, String>> rows = Numbers.signs(20);
        private int read;

        @Override
        public int count() {
            return rows.count();
        }

        @Override
        public Example<Text, String> get(int index) {
            read++;
            return rows.get(index);
        }
    }

    @Test
    void theDataIsLookedAtUnlessSaidOtherwise() {
        Watched looked = new Watched();
        Watched unlooked = new Watched();

        builder(model, looked).dataloaderPrefetchFactor(0).build().train();
        builder(model, unlooked)
                .dataloaderPrefetchFactor(0)
                .dataCheck(false)
                .build()
                .train();

        assertThat(looked.read).isEqualTo(unlooked.read + 20);
    }

    @Test
    void noNumberDependsOnIt() {
        LinearModel other = Numbers.model();

        TrainOutput looked = builder(model, Numbers.signs(20)).build().train();
        TrainOutput unlooked =
                builder(other, Numbers.signs(20)).dataCheck(false).build().train();

        assertThat(looked.trainingLoss()).isEqualTo(unlooked.trainingLoss());
        assertThat(model.weights()).isEqualTo(other.weights());
    }

    @Test
    void aStreamIsNotOpenedForIt() {
        List<String> opened = new ArrayList<>();
        Dataset<Example<Text, String>> once = () -> {
            opened.add("opened");
            return Stream.iterate(Numbers.list(1).get(0), example -> example);
        };

        builder(model, once).build().train();
        builder(model, Numbers.signs(4)).evalDataset(once).build().train();

        assertThat(opened).hasSize(1);
    }

    @Test
    void aRunGoesOnWithOrWithoutIt(@TempDir Path folder) {
        builder(model, Numbers.signs(20)).outputDir(folder).saveSteps(2).build().train();

        TrainOutput output = builder(model, Numbers.signs(20))
                .outputDir(folder)
                .dataCheck(false)
                .build()
                .resume(folder.resolve("checkpoint-2"));

        assertThat(output.globalStep()).isEqualTo(4);
    }

    @Test
    void aRowThatCannotBeReadDoesNotEndTheRunBeforeItsTime() {
        IndexedDataset<Example<Text, String>> broken = new IndexedDataset<>() {
            @Override
            public int count() {
                return 20;
            }

            @Override
            public Example<Text, String> get(int index) {
                if (index == 19) {
                    throw new IllegalStateException("row 19 is broken");
                }
                return Numbers.list(20).get(index);
            }
        };

        TrainOutput output = builder(model, broken)
                .trainSamplingStrategy(Sampler.sequential())
                .perDeviceTrainBatchSize(4)
                .dataloaderPrefetchFactor(0)
                .build()
                .train();

        assertThat(output.globalStep()).isEqualTo(4);
    }
}
