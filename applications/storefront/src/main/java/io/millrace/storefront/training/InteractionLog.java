package io.millrace.storefront.training;

import io.millrace.storefront.checkpoint.TrainingKey;
import io.millrace.wire.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that customers did with items, in the order of time, what they were shown, and what is known of the items.
 *
 * <p>Customers and items are numbered; the columns are parallel. The log says what happened, and so what the labels are;
 * what was known at a moment comes from the feature service.
 */
public final class InteractionLog {

    /** The interactions that count. */
    enum Kind {
        VIEW,
        BASKET,
        PURCHASE
    }

    private static final String CUSTOMER = "customer";
    private static final String ITEM = "item";
    private static final Pattern SPACES = Pattern.compile(" +");

    private final Vocabulary customers;
    private final Vocabulary items;
    private final Catalogue catalogue;
    private final int[] customer;
    private final int[] item;
    private final long[] micros;
    private final Kind[] kind;
    private final float[] price;
    private final List<ShownPage> pages;

    private InteractionLog(Builder builder) {
        customers = builder.customers;
        items = builder.items;
        catalogue = builder.catalogue;
        int[] order = IntStream.range(0, builder.size)
                .boxed()
                .sorted(Comparator.comparingLong(i -> builder.micros[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        customer = Arrays.stream(order).map(i -> builder.customer[i]).toArray();
        item = Arrays.stream(order).map(i -> builder.item[i]).toArray();
        micros = Arrays.stream(order).mapToLong(i -> builder.micros[i]).toArray();
        kind = Arrays.stream(order).mapToObj(i -> builder.kind[i]).toArray(Kind[]::new);
        price = new float[order.length];
        for (int row = 0; row < order.length; row++) {
            price[row] = builder.price[order[row]];
        }
        pages = builder.pages.stream()
                .sorted(Comparator.comparingLong(ShownPage::micros))
                .toList();
    }

    public Vocabulary customers() {
        return customers;
    }

    public Vocabulary items() {
        return items;
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    public int size() {
        return item.length;
    }

    /** The customer's number, or {@link Vocabulary#UNKNOWN} for an anonymous one. */
    int customer(int row) {
        return customer[row];
    }

    int item(int row) {
        return item[row];
    }

    /** When it happened, in microseconds since 1970. */
    long micros(int row) {
        return micros[row];
    }

    Kind kind(int row) {
        return kind[row];
    }

    /** What one piece cost, zero where the event does not say. */
    float price(int row) {
        return price[row];
    }

    /** What was shown to customers, in the order of time; empty where the shop does not say. */
    List<ShownPage> pages() {
        return pages;
    }

    /** What was shown from one moment until before another. */
    List<ShownPage> pages(long from, long until) {
        return pages.stream()
                .filter(page -> page.micros() >= from && page.micros() < until)
                .toList();
    }

    /** The first row that is not before this moment. */
    int firstRowAt(long moment) {
        int found = Arrays.binarySearch(micros, moment);
        if (found < 0) {
            return -found - 1;
        }
        while (found > 0 && micros[found - 1] == moment) {
            found--;
        }
        return found;
    }

    /** The items that somebody had been shown, or viewed, put into a basket or bought before this moment. */
    BitSet seenBefore(long moment) {
        BitSet seen = new BitSet();
        for (int row = 0; row < firstRowAt(moment); row++) {
            seen.set(item[row]);
        }
        for (ShownPage page : pages) {
            if (page.micros() < moment) {
                Arrays.stream(page.items()).forEach(seen::set);
            }
        }
        return seen;
    }

    /** Adds all that the log says to what decides a training. */
    public void addTo(TrainingKey key) {
        customers.ids().forEach(key::add);
        items.ids().forEach(key::add);
        for (int item = 0; item < items.size(); item++) {
            key.add(catalogue.payload(item).toString()).add(Float.floatToIntBits(catalogue.listPrice(item)));
        }
        for (int row = 0; row < size(); row++) {
            key.add(customer[row])
                    .add(item[row])
                    .add(micros[row])
                    .add(kind[row].ordinal())
                    .add(Float.floatToIntBits(price[row]));
        }
        for (ShownPage page : pages) {
            key.add(page.customer()).add(page.micros());
            for (int shown : page.items()) {
                key.add(shown);
            }
            for (float propensity : page.propensities()) {
                key.add(Float.floatToIntBits(propensity));
            }
        }
    }

    /** Collects events in any order; a repeated event id counts once. */
    public static final class Builder {

        private final Vocabulary customers = new Vocabulary();
        private final Vocabulary items = new Vocabulary();
        private final Catalogue catalogue = new Catalogue();
        private final Set<String> seen = new HashSet<>();
        private int[] customer = new int[1 << 12];
        private int[] item = new int[1 << 12];
        private long[] micros = new long[1 << 12];
        private Kind[] kind = new Kind[1 << 12];
        private float[] price = new float[1 << 12];
        private final List<ShownPage> pages = new ArrayList<>();
        private int size;

        public void add(Event event) {
            if (event.type().equals("impression")) {
                show(event);
                return;
            }
            String itemId = event.entities().get(ITEM);
            if (itemId == null || !seen.add(event.id())) {
                return;
            }
            int number = items.add(itemId);
            catalogue.learn(number, event);
            Kind what = kindOf(event.type());
            if (what != null) {
                append(event.entities().get(CUSTOMER), number, event, what);
            }
        }

        public InteractionLog build() {
            return new InteractionLog(this);
        }

        /** An impression has the items of a page, and their propensities if they are known, separated by spaces. */
        private void show(Event event) {
            String customerId = event.entities().get(CUSTOMER);
            if (customerId == null
                    || !(event.value().get("items") instanceof String shown)
                    || shown.isBlank()
                    || !seen.add(event.id())) {
                return;
            }
            int[] numbers = Arrays.stream(SPACES.split(shown.strip()))
                    .mapToInt(items::add)
                    .toArray();
            float[] propensities = new float[0];
            if (event.value().get("propensities") instanceof String logged) {
                String[] texts = SPACES.split(logged.strip());
                propensities = new float[texts.length];
                for (int place = 0; place < texts.length; place++) {
                    propensities[place] = Float.parseFloat(texts[place]);
                }
            }
            pages.add(new ShownPage(
                    customers.add(customerId),
                    Moments.micros(event.time()),
                    numbers,
                    propensities.length == numbers.length ? propensities : new float[0]));
        }

        private void append(@Nullable String customerId, int number, Event event, Kind what) {
            if (size == item.length) {
                int larger = size * 2;
                customer = Arrays.copyOf(customer, larger);
                item = Arrays.copyOf(item, larger);
                micros = Arrays.copyOf(micros, larger);
                kind = Arrays.copyOf(kind, larger);
                price = Arrays.copyOf(price, larger);
            }
            customer[size] = customerId == null ? Vocabulary.UNKNOWN : customers.add(customerId);
            item[size] = number;
            micros[size] = Moments.micros(event.time());
            price[size] = event.value().get("price") instanceof Number cost ? cost.floatValue() : 0;
            kind[size++] = what;
        }

        private static @Nullable Kind kindOf(String type) {
            return switch (type) {
                case "view" -> Kind.VIEW;
                case "basket" -> Kind.BASKET;
                case "purchase" -> Kind.PURCHASE;
                default -> null;
            };
        }
    }
}
