package io.bertfinetune.ort.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpacesTest {
    @Test
    void punctuationAndContractionsCloseUp() {
        assertThat(Spaces.cleanUp("Why , it 's me ! I do n't know . You 've , we 're , I 'm ok ?"))
                .isEqualTo("Why, it's me! I don't know. You've, we're, I'm ok?");
        assertThat(Spaces.cleanUp("don ' t")).isEqualTo("don't");
    }
}
