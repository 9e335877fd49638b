package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the user tower reads of a customer at a moment: item numbers, each once in its list, the newest first. Whoever holds
 * it must not change the arrays.
 *
 * @param recent what the customer viewed or bought at any time, at most {@link #RECENT}
 * @param session the same of the last half hour alone, at most {@link #SESSION}
 */
record TowerInput(int[] recent, int[] session) {

    /** The model's input of the same name as the feature. */
    static final String RECENT_ITEMS = "recent_items";

    /** The model's input of the same name as the feature. */
    static final String SESSION_ITEMS = "session_items";

    /** How many items the tower looks back. */
    static final int RECENT = 100;

    /** How many items of a session it looks at. */
    static final int SESSION = 20;

    /** A customer of whom nothing is known. */
    static final TowerInput NOTHING = new TowerInput(new int[0], new int[0]);

    /** One for each row of the customers' features; unknown items are left out. */
    static List<TowerInput> of(FeatureTable customers, Vocabulary items) {
        List<List<String>> recent = customers.texts(RECENT_ITEMS);
        List<List<String>> session = customers.texts(SESSION_ITEMS);
        List<TowerInput> inputs = new ArrayList<>();
        for (int row = 0; row < recent.size(); row++) {
            inputs.add(
                    new TowerInput(numbers(recent.get(row), items, RECENT), numbers(session.get(row), items, SESSION)));
        }
        return inputs;
    }

    /** The inputs of the served model, padded with the empty text. */
    static Map<String, String[][]> texts(List<TowerInput> inputs, Vocabulary items) {
        Map<String, String[][]> texts = new LinkedHashMap<>();
        texts.put(
                RECENT_ITEMS,
                inputs.stream()
                        .map(input -> padded(input.recent, items, RECENT))
                        .toArray(String[][]::new));
        texts.put(
                SESSION_ITEMS,
                inputs.stream()
                        .map(input -> padded(input.session, items, SESSION))
                        .toArray(String[][]::new));
        return texts;
    }

    private static int[] numbers(List<String> ids, Vocabulary items, int most) {
        return ids.stream()
                .limit(most)
                .mapToInt(items::find)
                .filter(item -> item != Vocabulary.UNKNOWN)
                .toArray();
    }

    private static String[] padded(int[] numbers, Vocabulary items, int length) {
        String[] texts = new String[length];
        Arrays.fill(texts, "");
        for (int i = 0; i < numbers.length; i++) {
            texts[i] = items.id(numbers[i]);
        }
        return texts;
    }
}
