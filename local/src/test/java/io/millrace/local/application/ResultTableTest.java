package io.millrace.local.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.application.Predictions.Item;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTableTest {

    private static final Item HOLDER = new Item("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", 0.182);
    private static final Item BAG = new Item("20725", "LUNCH BAG RED RETROSPOT", 0.1);
    private static final Item OTHER_BAG = new Item("22384", "LUNCH BAG PINK POLKADOT", 0.05);

    @Test
    void showsRankIdScoreAndDescription() {
        assertThat(ResultTable.of(List.of(HOLDER, BAG)))
                .containsExactly(
                        "   1  85123A        0.1820  WHITE HANGING HEART T-LIGHT HOLDER",
                        "   2  20725         0.1000  LUNCH BAG RED RETROSPOT");
    }

    @Test
    void saysWhatMovedAndWhatIsNew() {
        assertThat(ResultTable.of(List.of(BAG, OTHER_BAG, HOLDER), List.of(HOLDER, BAG)))
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("  moved up 1"),
                        line -> assertThat(line).endsWith("  new"),
                        line -> assertThat(line).endsWith("  moved down 2"));
    }

    @Test
    void theKindOfMostItemsIsTheWordThatTheyShare() {
        assertThat(ItemKind.mostCommon(List.of(HOLDER, BAG, OTHER_BAG)))
                .isEqualTo(new ItemKind("lunch", List.of(BAG, OTHER_BAG)));
    }

    @Test
    void itemsThatShareNoWordAreAKindWithoutOne() {
        assertThat(ItemKind.mostCommon(List.of(HOLDER, BAG))).isEqualTo(new ItemKind("", List.of(HOLDER, BAG)));
    }
}
