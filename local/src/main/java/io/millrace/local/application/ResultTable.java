package io.millrace.local.application;

import io.millrace.local.application.Predictions.Item;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Recommended items as lines of text, with what moved since an earlier answer. */
final class ResultTable {

    private ResultTable() {}

    static List<String> of(List<Item> items) {
        return IntStream.range(0, items.size())
                .mapToObj(i -> line(i, items.get(i), ""))
                .toList();
    }

    static List<String> of(List<Item> items, List<Item> before) {
        List<String> ranks = before.stream().map(Item::id).toList();
        return IntStream.range(0, items.size())
                .mapToObj(i ->
                        line(i, items.get(i), mark(i, ranks.indexOf(items.get(i).id()))))
                .toList();
    }

    private static String mark(int rank, int rankBefore) {
        if (rankBefore < 0) {
            return "new";
        }
        int up = rankBefore - rank;
        return up > 0 ? "moved up " + up : up < 0 ? "moved down " + -up : "";
    }

    private static String line(int rank, Item item, String mark) {
        String description = item.description()
                .codePoints()
                .limit(44)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        return String.format(
                        Locale.ROOT,
                        "  %2d  %-10s %9.4f  %-44s  %s",
                        rank + 1,
                        item.id(),
                        item.score(),
                        description,
                        mark)
                .stripTrailing();
    }
}
