package io.bertfinetune.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HashesTest {
    @Test
    void whatWasAddedIsThereAndNothingElse() {
        Hashes hashes = new Hashes();
        IntStream.range(0, 10_000).forEach(i -> hashes.add(Hashes.of("text " + i)));

        assertThat(IntStream.range(0, 10_000)).allMatch(i -> hashes.contains(Hashes.of("text " + i)));
        assertThat(IntStream.range(10_000, 20_000)).noneMatch(i -> hashes.contains(Hashes.of("text " + i)));
        hashes.add(Hashes.of("later"));
        assertThat(hashes.contains(Hashes.of("later"))).isTrue();
    }
}
