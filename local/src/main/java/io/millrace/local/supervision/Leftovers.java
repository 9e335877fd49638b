package io.millrace.local.supervision;

import io.millrace.local.infra.PostgresServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** What a launcher that was killed has left running. */
public final class Leftovers {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Set<String> INFRASTRUCTURE = Set.of("postgres", "kafka", "redis");

    private Leftovers() {}

    /** Ends them, the infrastructure last, and returns their names. To be called by who holds the launcher's lock. */
    public static List<String> end(StateFolder state) throws IOException {
        var records = new ProcessRecords(state.run());
        var ended = new ArrayList<String>();
        endTogether(records, part -> !INFRASTRUCTURE.contains(part), ended);
        endTogether(records, INFRASTRUCTURE::contains, ended);
        var postmaster = PostgresServer.leftOn(state.data("postgres")).filter(ProcessRecords::isAlive);
        if (postmaster.isPresent()) {
            ProcessRecords.end(postmaster.get(), PATIENCE);
            ended.add("postgres");
        }
        return ended;
    }

    private static void endTogether(ProcessRecords records, Predicate<String> which, List<String> ended)
            throws IOException {
        List<ProcessRecords.Recorded> those = records.alive().stream()
                .filter(each -> which.test(each.part()))
                .filter(each -> each.process().pid() != ProcessHandle.current().pid())
                .toList();
        try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
            those.forEach(each -> together.execute(() -> ProcessRecords.end(each.process(), PATIENCE)));
        }
        for (ProcessRecords.Recorded each : those) {
            records.remove(each.part());
            ended.add(each.part());
        }
    }
}
