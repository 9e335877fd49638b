package io.millrace.storefront;

import io.millrace.storefront.gateway.EventUpload;
import io.millrace.storefront.gateway.Gateway;
import io.millrace.storefront.retail.RetailCsv;
import io.millrace.storefront.retail.RetailEvents;
import io.millrace.storefront.retail.RetailLine;
import io.millrace.storefront.retail.WeekShift;
import io.millrace.wire.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Sends Online Retail through the public API, moved to the present, and tells what was in it. */
record LoadCommand(Settings settings, InstantSource clock, Consumer<String> progress) {

    private static final int SHOWN_MALFORMED = 20;

    void run(List<String> words) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(words, List.of("data", "until"));
        Path file = arguments.file("data");
        Optional<Instant> until = arguments.day("until");
        Instant end = until.isPresent() ? until.get() : lastMoment(file);
        WeekShift shift = WeekShift.between(end, clock.instant());
        progress.accept("times move by %d weeks".formatted(shift.by().toDays() / 7));

        long start = System.nanoTime();
        RetailEvents events = new RetailEvents(shift, until.orElse(null));
        try (Gateway gateway = new Gateway(settings.gateway(), settings.key());
                EventUpload upload = new EventUpload(gateway, progress)) {
            send(file, events, upload);
            upload.finish();
            Map<String, Long> report = new LinkedHashMap<>(events.report().counts());
            report.put("accepted", upload.accepted());
            report.put("duplicates", upload.duplicates());
            report.put("rejected", upload.rejected());
            report.put("shift_weeks", shift.by().toDays() / 7);
            report.put("seconds", (System.nanoTime() - start) / 1_000_000_000);
            report.forEach((name, value) -> progress.accept("%-20s %,d".formatted(name, value)));
            Reports.write(settings.state().resolve("load-report.json"), report);
            progress.accept("%,d events of %,d lines in %d s"
                    .formatted(upload.accepted() + upload.duplicates(), report.get("lines"), report.get("seconds")));
        }
    }

    private void send(Path file, RetailEvents events, EventUpload upload) throws IOException, InterruptedException {
        long malformed = 0;
        try (RetailCsv csv = RetailCsv.open(file)) {
            for (RetailCsv.Row row = csv.next(); row != null; row = csv.next()) {
                switch (row) {
                    case RetailCsv.Row.Good(RetailLine line) -> {
                        for (Event event : events.of(line)) {
                            upload.add(event);
                        }
                    }
                    case RetailCsv.Row.Malformed(long number, String reason) -> {
                        events.malformed();
                        if (malformed++ < SHOWN_MALFORMED) {
                            progress.accept("line %d is left out: %s".formatted(number, reason));
                        }
                    }
                }
            }
        }
    }

    private static Instant lastMoment(Path file) throws IOException {
        Instant last = Instant.MIN;
        try (RetailCsv csv = RetailCsv.open(file)) {
            for (RetailCsv.Row row = csv.next(); row != null; row = csv.next()) {
                if (row instanceof RetailCsv.Row.Good(RetailLine line)
                        && line.time().isAfter(last)) {
                    last = line.time();
                }
            }
        }
        if (last.equals(Instant.MIN)) {
            throw new IOException("there is no invoice line in " + file);
        }
        return last;
    }
}
