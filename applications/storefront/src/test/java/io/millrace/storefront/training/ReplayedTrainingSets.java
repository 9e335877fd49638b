package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Training sets from a log in memory, by the definitions of {@code features.yaml}, so that a test needs no service. */
final class ReplayedTrainingSets implements TrainingSets {

    private static final long MINUTE = Moments.DAY / (24 * 60);
    private static final long SESSION = 30 * MINUTE;
    private static final int SESSION_ITEMS = 20;

    private final InteractionLog log;
    private final Map<String, List<Integer>> byCustomer = new LinkedHashMap<>();
    private final Map<String, List<Integer>> byItem = new LinkedHashMap<>();

    ReplayedTrainingSets(InteractionLog log) {
        this.log = log;
        for (int row = 0; row < log.size(); row++) {
            if (log.customer(row) != Vocabulary.UNKNOWN) {
                byCustomer
                        .computeIfAbsent(log.customers().id(log.customer(row)), _ -> new ArrayList<>())
                        .add(row);
            }
            byItem.computeIfAbsent(log.items().id(log.item(row)), _ -> new ArrayList<>())
                    .add(row);
        }
    }

    @Override
    public FeatureTable at(String featureService, List<String> entities, long[] micros) {
        Map<String, FeatureTable.Column> columns = new LinkedHashMap<>();
        boolean customer = featureService.equals("storefront_customer");
        Map<String, List<Integer>> rows = customer ? byCustomer : byItem;
        for (String feature : customer ? CUSTOMER : ITEM) {
            float[] numbers = new float[micros.length];
            for (int i = 0; i < micros.length; i++) {
                numbers[i] = number(feature, rows.getOrDefault(entities.get(i), List.of()), micros[i]);
            }
            columns.put(feature, new FeatureTable.Column.Numbers(numbers));
        }
        if (customer) {
            List<List<String>> recent = new ArrayList<>();
            List<List<String>> session = new ArrayList<>();
            for (int i = 0; i < micros.length; i++) {
                List<Integer> own = rows.getOrDefault(entities.get(i), List.of());
                recent.add(newest(own, Long.MIN_VALUE, micros[i], TowerInput.RECENT));
                session.add(newest(own, Math.floorDiv(micros[i] - SESSION, MINUTE) * MINUTE, micros[i], SESSION_ITEMS));
            }
            columns.put("recent_items", new FeatureTable.Column.Texts(recent));
            columns.put("session_items", new FeatureTable.Column.Texts(session));
        }
        return new FeatureTable(columns);
    }

    private static final List<String> CUSTOMER = List.of(
            "purchases_7d", "purchases_28d", "purchases_84d", "purchases", "views_1d", "spend_28d", "mean_price");
    private static final List<String> ITEM = List.of(
            "purchases_7d", "purchases_14d", "purchases_28d", "purchases_56d", "purchases", "views_7d", "price");

    private float number(String feature, List<Integer> rows, long moment) {
        String[] parts = feature.split("_", 2);
        InteractionLog.Kind kind = parts[0].equals("views") ? InteractionLog.Kind.VIEW : InteractionLog.Kind.PURCHASE;
        long from = Long.MIN_VALUE;
        if (parts.length == 2 && parts[1].endsWith("d")) {
            long window = Long.parseLong(parts[1].replace("d", "")) * Moments.DAY;
            long hop = window > 2 * Moments.DAY ? Moments.DAY : Moments.DAY / 24;
            from = Math.floorDiv(moment - window, hop) * hop;
        }
        double count = 0;
        double sum = 0;
        double last = Double.NaN;
        for (int row : rows) {
            long time = log.micros(row);
            if (log.kind(row) == kind && time >= from && time < moment) {
                count++;
                sum += log.price(row);
                last = log.price(row);
            }
        }
        return (float)
                switch (parts[0]) {
                    case "spend" -> sum;
                    case "mean" -> count == 0 ? Double.NaN : sum / count;
                    case "price" -> last;
                    default -> count;
                };
    }

    private List<String> newest(List<Integer> rows, long from, long until, int n) {
        Set<String> newest = new LinkedHashSet<>();
        for (int i = rows.size() - 1; i >= 0 && newest.size() < n; i--) {
            long time = log.micros(rows.get(i));
            if (time >= from && time < until) {
                newest.add(log.items().id(log.item(rows.get(i))));
            }
        }
        return List.copyOf(newest);
    }
}
