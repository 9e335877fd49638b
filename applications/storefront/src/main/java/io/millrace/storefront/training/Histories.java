package io.millrace.storefront.training;

import java.util.Arrays;
import java.util.List;

/** What the user tower reads: a customer's newest items, each once, the newest first. */
final class Histories {

    /** How many items the tower looks back. */
    static final int LENGTH = 100;

    private Histories() {}

    /** Item numbers for the lists of ids; unknown items are left out. */
    static int[][] of(List<List<String>> recentItems, Vocabulary items) {
        int[][] histories = new int[recentItems.size()][];
        for (int row = 0; row < histories.length; row++) {
            histories[row] = recentItems.get(row).stream()
                    .limit(LENGTH)
                    .mapToInt(items::find)
                    .filter(item -> item != Vocabulary.UNKNOWN)
                    .toArray();
        }
        return histories;
    }

    /** The lists as the served model gets them, padded with the empty text. */
    static String[][] texts(int[][] histories, Vocabulary items) {
        String[][] rows = new String[histories.length][LENGTH];
        for (int row = 0; row < rows.length; row++) {
            Arrays.fill(rows[row], "");
            for (int i = 0; i < histories[row].length; i++) {
                rows[row][i] = items.id(histories[row][i]);
            }
        }
        return rows;
    }
}
