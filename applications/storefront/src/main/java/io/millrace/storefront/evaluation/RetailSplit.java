package io.millrace.storefront.evaluation;

import io.millrace.storefront.retail.RetailCsv;
import io.millrace.storefront.retail.RetailLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Online Retail cut at a moment: what customers had bought before, and what they bought from then on that was new to
 * them. Lines with a customer and a positive quantity count; a relevant item is one that somebody had bought before the
 * cut; a customer counts with at least five earlier items and a relevant one.
 */
public final class RetailSplit {

    private static final int EARLIER_ITEMS = 5;

    /** One customer: what it had bought, and what would have been right to show. */
    public record Case(String customer, Set<String> earlier, Set<String> relevant) {

        public Case {
            earlier = Set.copyOf(earlier);
            relevant = Set.copyOf(relevant);
        }
    }

    private final List<Case> cases = new ArrayList<>();
    private final List<String> recentlyPopular;

    private RetailSplit(Map<String, Set<String>> before, Map<String, Set<String>> after, List<String> recentlyPopular) {
        this.recentlyPopular = recentlyPopular;
        Set<String> catalogue = new LinkedHashSet<>();
        before.values().forEach(catalogue::addAll);
        after.forEach((customer, bought) -> {
            Set<String> earlier = before.getOrDefault(customer, Set.of());
            Set<String> relevant = new LinkedHashSet<>(bought);
            relevant.retainAll(catalogue);
            relevant.removeAll(earlier);
            if (earlier.size() >= EARLIER_ITEMS && !relevant.isEmpty()) {
                cases.add(new Case(customer, earlier, relevant));
            }
        });
    }

    /** Reads the file and cuts it. */
    public static RetailSplit read(Path file, Instant cut) throws IOException {
        Map<String, Set<String>> before = new TreeMap<>();
        Map<String, Set<String>> after = new TreeMap<>();
        Map<String, Integer> sales = new HashMap<>();
        Instant week = cut.minus(Duration.ofDays(7));
        try (RetailCsv csv = RetailCsv.open(file)) {
            for (RetailCsv.Row row = csv.next(); row != null; row = csv.next()) {
                if (row instanceof RetailCsv.Row.Good(RetailLine line) && line.quantity() > 0 && !line.anonymous()) {
                    Map<String, Set<String>> side = line.time().isBefore(cut) ? before : after;
                    side.computeIfAbsent(line.customer(), _ -> new LinkedHashSet<>())
                            .add(line.item());
                    if (line.time().isBefore(cut) && !line.time().isBefore(week)) {
                        sales.merge(line.item(), 1, Integer::sum);
                    }
                }
            }
        }
        List<String> popular = sales.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        return new RetailSplit(new LinkedHashMap<>(before), new LinkedHashMap<>(after), popular);
    }

    /** The customers that count, by id. */
    public List<Case> cases() {
        return List.copyOf(cases);
    }

    /** What sold best in the seven days before the cut, best first. */
    public List<String> recentlyPopular() {
        return recentlyPopular;
    }
}
