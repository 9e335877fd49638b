package io.millrace.storefront.retail;

import io.millrace.wire.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened in the shop, line by line of its invoices, and how many lines of each sort there were. */
public final class RetailEvents {

    private final WeekShift shift;
    private final @Nullable Instant until;
    private final Map<String, String> descriptions = new HashMap<>();
    private final LoadReport report = new LoadReport();

    /**
     * Events moved by {@code shift}.
     *
     * @param until lines from this moment on are left out, in the file's own time; null for none
     */
    public RetailEvents(WeekShift shift, @Nullable Instant until) {
        this.shift = shift;
        this.until = until;
    }

    /** The events of a line, none for one that does not say what a customer did. */
    public List<Event> of(RetailLine line) {
        report.lines++;
        if (until != null && !line.time().isBefore(until)) {
            report.afterUntil++;
            return List.of();
        }
        if (line.description().isEmpty()) {
            report.withoutDescription++;
        }
        if (line.anonymous()) {
            report.withoutCustomer++;
        }
        if (line.cancels()) {
            report.returns++;
            return List.of(event(line, "return", Map.of("quantity", Math.abs(line.quantity()))));
        }
        if (line.quantity() <= 0 || line.price() <= 0 && line.anonymous()) {
            report.corrections++;
            return List.of();
        }
        List<Event> events = new ArrayList<>(2);
        if (describesAnew(line)) {
            report.itemEvents++;
            events.add(item(line));
        }
        report.purchases++;
        if (line.anonymous()) {
            report.anonymousPurchases++;
        }
        events.add(event(line, "purchase", Map.of("quantity", line.quantity(), "price", line.price())));
        return events;
    }

    /** Counts a line that could not be read. */
    public void malformed() {
        report.lines++;
        report.malformed++;
    }

    public LoadReport report() {
        return report;
    }

    /** Whether the line says something of its item that was not known: that it exists, or another description. */
    private boolean describesAnew(RetailLine line) {
        String known = descriptions.get(line.item());
        if (known != null && (line.description().isEmpty() || known.equals(line.description()))) {
            return false;
        }
        descriptions.put(line.item(), line.description());
        return true;
    }

    private Event item(RetailLine line) {
        Map<String, Object> value = new LinkedHashMap<>();
        if (!line.description().isEmpty()) {
            value.put("description", line.description());
        }
        value.put("price", line.price());
        value.put("in_stock", true);
        return new Event(
                "retail-" + line.number() + "-item",
                "item",
                shift.apply(line.time()),
                Map.of("item", line.item()),
                null,
                value,
                line.time());
    }

    private Event event(RetailLine line, String type, Map<String, Object> value) {
        Map<String, String> entities = new LinkedHashMap<>();
        if (!line.anonymous()) {
            entities.put("customer", line.customer());
        }
        entities.put("item", line.item());
        return new Event("retail-" + line.number(), type, shift.apply(line.time()), entities, null, value, line.time());
    }
}
