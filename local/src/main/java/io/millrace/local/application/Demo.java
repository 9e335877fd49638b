package io.millrace.local.application;

import io.millrace.local.application.Predictions.Item;
import io.millrace.local.supervision.Ports;
import io.millrace.local.supervision.StateFolder;
import io.millrace.wire.UuidV7;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@code ./millrace demo storefront}: a request, its answer, three events, and the answer that they changed. */
public final class Demo {

    private static final int SHOWN = 10;
    private static final int POOL = 60;
    private static final List<String> EVENTS = List.of("view", "basket", "basket");
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Ports ports;
    private final Predictions predictions;
    private final PrintStream out;

    public Demo(StateFolder state, Ports ports, PrintStream out) throws IOException {
        this.ports = ports;
        this.predictions = new Predictions(new HttpJson(), ports, state);
        this.out = out;
    }

    /** Runs it and returns the exit status: 0 when the events changed the order. */
    public int run() throws IOException, InterruptedException {
        List<String> customers = KnownCustomers.in(ports.kafkaBootstrap());
        if (customers.isEmpty()) {
            out.println("There are no events of a customer yet, so there is nobody to recommend to.");
            return 1;
        }
        String customer = customers.getFirst();
        HttpJson.Answer answer = whole(customer, SHOWN);
        List<Item> before = Predictions.items(answer);
        List<Item> pool = Predictions.items(whole(customer, POOL));
        if (!Predictions.isWhole(answer) || pool.size() <= SHOWN) {
            out.println("The prediction for customer " + customer + " is not an answer to show: "
                    + (answer.isSuccess() ? "degraded: " + answer.body().path("degraded") : answer.problem()));
            return 1;
        }
        out.println("POST /v1/applications/storefront/predictions");
        out.println(HttpJson.JSON.writeValueAsString(Predictions.request(customer, SHOWN)));
        out.println();
        ResultTable.of(before).forEach(out::println);
        out.println();

        ItemKind kind = ItemKind.mostCommon(pool.subList(SHOWN, pool.size()));
        List<Map<String, Object>> events = events(customer, kind.items());
        HttpJson.Answer told = predictions.tell(events);
        long toldNanos = System.nanoTime();
        if (!told.isSuccess() || told.body().path("accepted").asInt() != events.size()) {
            out.println("The events were not taken: " + told.problem());
            return 1;
        }
        out.println("POST /v1/events   customer " + customer
                + (kind.word().isEmpty() ? "" : " is interested in: " + kind.word()));
        events.forEach(event -> out.println("  " + described(event, kind.items())));
        out.println();
        return showChange(customer, before, toldNanos);
    }

    /** An answer for which nothing was missing, which services that have just started may need a moment for; else the last. */
    private HttpJson.Answer whole(String customer, int limit) throws IOException, InterruptedException {
        long since = System.nanoTime();
        HttpJson.Answer answer = predictions.ask(customer, limit);
        while (!Predictions.isWhole(answer) && System.nanoTime() - since < PATIENCE.toNanos()) {
            answer = predictions.ask(customer, limit);
        }
        return answer;
    }

    private int showChange(String customer, List<Item> before, long sinceNanos)
            throws IOException, InterruptedException {
        while (true) {
            HttpJson.Answer answer = predictions.ask(customer, SHOWN);
            // Another order because a part was late would not be what the events did.
            List<Item> after = Predictions.isWhole(answer) ? Predictions.items(answer) : List.of();
            Duration taken = Duration.ofNanos(System.nanoTime() - sinceNanos);
            if (!after.isEmpty() && !ids(after).equals(ids(before))) {
                out.println("The same request again, " + taken.toMillis() + " ms after the events were taken:");
                out.println();
                ResultTable.of(after, before).forEach(out::println);
                List<String> gone = before.stream()
                        .filter(item -> !ids(after).contains(item.id()))
                        .map(item -> item.description().isEmpty() ? item.id() : item.description())
                        .toList();
                if (!gone.isEmpty()) {
                    out.println("  no longer among the first " + SHOWN + ": " + String.join(", ", gone));
                }
                return 0;
            }
            if (taken.compareTo(PATIENCE) > 0) {
                out.println("The answer is the same " + PATIENCE.toSeconds() + " s after the events. Events reach the"
                        + " features through Kafka and feature-service: see ./millrace logs feature-service.");
                return 1;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static List<Map<String, Object>> events(String customer, List<Item> items) {
        var events = new ArrayList<Map<String, Object>>();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        for (String type : EVENTS) {
            Item item = items.get(events.size() % items.size());
            events.add(Map.of(
                    "id", UuidV7.at(now.toEpochMilli()).toString(),
                    "type", type,
                    "time", now.plusMillis(events.size()).toString(),
                    "entities", Map.of("customer", customer, "item", item.id()),
                    "value", Map.of("quantity", 1)));
        }
        return events;
    }

    private static String described(Map<String, Object> event, List<Item> items) {
        String type = String.valueOf(event.get("type"));
        String item = event.get("entities") instanceof Map<?, ?> entities ? String.valueOf(entities.get("item")) : "";
        String description = items.stream()
                .filter(each -> each.id().equals(item))
                .map(Item::description)
                .findFirst()
                .orElse("");
        return "%-7s %-10s %s".formatted(type, item, description).stripTrailing();
    }

    private static List<String> ids(List<Item> items) {
        return items.stream().map(Item::id).toList();
    }
}
