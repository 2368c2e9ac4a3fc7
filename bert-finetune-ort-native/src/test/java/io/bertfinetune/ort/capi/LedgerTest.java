package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();

    @Test
    void allAreClosedThoughOneDoesNotCloseTheLatestFirst() {
        List<String> closed = new ArrayList<>();
        ledger.enter(() -> closed.add("first"), "first");
        ledger.enter(
                () -> {
                    throw new IllegalStateException("stuck");
                },
                "second");
        ledger.enter(() -> closed.add("third"), "third");

        assertThatThrownBy(ledger::closeAll).hasMessage("stuck");

        assertThat(closed).containsExactly("third", "first");
    }
}
