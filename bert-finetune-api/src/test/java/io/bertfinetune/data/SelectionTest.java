package io.bertfinetune.data;

import java.util.List;

class SelectionTest extends DatasetContract<String> {
    @Override
    protected Dataset<String> dataset() {
        return new Selection<>(Dataset.of(List.of("a", "b", "c")), new int[] {2, 0, 2});
    }
}
