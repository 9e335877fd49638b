package io.millrace.storefront.features;

import io.millrace.storefront.training.FeatureTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads {@code {"feature_names":[…],"columns":[[…],[…]],…}} token by token: a column becomes an array of numbers or of
 * lists as soon as it is read, and equal texts are kept once.
 */
final class TrainingSetReader {

    private final JsonParser parser;
    private final Map<String, String> texts = new HashMap<>();

    private TrainingSetReader(JsonParser parser) {
        this.parser = parser;
    }

    static FeatureTable read(JsonParser parser) {
        return new TrainingSetReader(parser).table();
    }

    private FeatureTable table() {
        List<String> names = new ArrayList<>();
        List<FeatureTable.Column> columns = new ArrayList<>();
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "feature_names" -> names.addAll(list());
                case "columns" -> {
                    while (parser.nextToken() == JsonToken.START_ARRAY) {
                        columns.add(column());
                    }
                }
                default -> parser.skipChildren();
            }
        }
        if (names.size() != columns.size()) {
            throw new IllegalStateException(
                    "the training set has %d names for %d columns".formatted(names.size(), columns.size()));
        }
        Map<String, FeatureTable.Column> table = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            table.put(names.get(i), columns.get(i));
        }
        return new FeatureTable(table);
    }

    /** A column is one of lists if it has any text or list in it; null has no type of its own. */
    private FeatureTable.Column column() {
        float[] numbers = new float[1024];
        List<List<String>> lists = new ArrayList<>();
        boolean ofLists = false;
        int size = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
            }
            numbers[size++] = switch (token) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> (float) parser.getDoubleValue();
                case VALUE_TRUE -> 1;
                case VALUE_FALSE -> 0;
                default -> Float.NaN;
            };
            List<String> list = switch (token) {
                case START_ARRAY -> list();
                case VALUE_STRING -> List.of(text());
                default -> List.of();
            };
            ofLists |= token == JsonToken.START_ARRAY || token == JsonToken.VALUE_STRING;
            lists.add(list);
        }
        return ofLists
                ? new FeatureTable.Column.Texts(lists)
                : new FeatureTable.Column.Numbers(Arrays.copyOf(numbers, size));
    }

    private List<String> list() {
        List<String> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(text());
        }
        return list;
    }

    private String text() {
        return texts.computeIfAbsent(parser.getString(), text -> text);
    }
}
