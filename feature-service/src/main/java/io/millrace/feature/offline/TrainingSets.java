package io.millrace.feature.offline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.feature.FeatureException;
import io.millrace.feature.FeatureMeter;
import io.millrace.feature.aggregation.Contribution;
import io.millrace.feature.aggregation.ViewAggregation;
import io.millrace.feature.aggregation.ViewState;
import io.millrace.feature.registry.Definitions;
import io.millrace.feature.registry.Entity;
import io.millrace.feature.registry.FeatureReference;
import io.millrace.feature.registry.FeatureRegistry;
import io.millrace.feature.registry.FeatureView;
import io.millrace.feature.streaming.EventReplay;
import io.millrace.wire.Event;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Makes training sets by reading all events again, through the aggregation that the stream uses. A row's values are those
 * that would have been served when all events before its time, and no other, had been seen.
 *
 * <p>Windows end at stream time, the newest event time before the row's own. As in an online read, a row older than its
 * view's TTL is null.
 */
public final class TrainingSets {

    private final FeatureRegistry registry;
    private final EventReplay events;
    private final OfflineProperties limits;
    private final Semaphore permit = new Semaphore(1);
    private final Counter rowsMade;
    private final Timer time;

    TrainingSets(FeatureRegistry registry, EventReplay events, OfflineProperties limits, MeterRegistry meters) {
        this.registry = registry;
        this.limits = limits;
        this.events = events;
        this.rowsMade = Counter.builder(FeatureMeter.TRAINING_ROWS.meterName())
                .description(FeatureMeter.TRAINING_ROWS.description())
                .register(meters);
        this.time = Timer.builder(FeatureMeter.TRAINING_TIME.meterName())
                .description(FeatureMeter.TRAINING_TIME.description())
                .register(meters);
    }

    /**
     * The features of a feature service, of these entities at these times.
     *
     * @param entityIds one for each row
     * @param timesMicros one for each row, in microseconds since 1970
     * @throws FeatureException.UnknownFeature if there is no such feature service
     * @throws FeatureException.InvalidRequest if the service has features of several entities, or the set would be larger
     *     than {@link OfflineProperties} allows
     * @throws FeatureException.TrainingBusy if another one is being made
     * @throws FeatureException.EventsUnavailable if the events cannot be read
     */
    public TrainingSet make(String featureService, List<String> entityIds, long[] timesMicros) {
        Definitions definitions = registry.require();
        List<FeatureReference> features = definitions.service(featureService);
        if (features.stream().map(each -> each.view().entity()).distinct().count() != 1) {
            throw new FeatureException.InvalidRequest(
                    "/feature_service", "name one whose features are all of one entity");
        }
        if (timesMicros.length > limits.maxRows()) {
            throw new FeatureException.InvalidRequest(
                    "/entities",
                    "ask for at most " + limits.maxRows() + " rows at a time; these are " + timesMicros.length);
        }
        long cells = (long) timesMicros.length * features.size();
        if (cells > limits.maxCells()) {
            throw new FeatureException.InvalidRequest(
                    "/entities",
                    "ask for at most " + limits.maxCells() + " values at a time: " + timesMicros.length + " rows of "
                            + features.size() + " features are " + cells);
        }
        if (!permit.tryAcquire()) {
            throw new FeatureException.TrainingBusy();
        }
        try {
            TrainingSet made = time.record(() -> make(definitions.tenant(), features, entityIds, timesMicros));
            rowsMade.increment(entityIds.size());
            return java.util.Objects.requireNonNull(made);
        } finally {
            permit.release();
        }
    }

    private TrainingSet make(
            String tenant, List<FeatureReference> features, List<String> entityIds, long[] timesMicros) {
        List<FeatureView> views =
                features.stream().map(FeatureReference::view).distinct().toList();
        Map<String, EntityRows> entities = new HashMap<>();
        for (int row = 0; row < timesMicros.length; row++) {
            entities.computeIfAbsent(entityIds.get(row), id -> new EntityRows(views.size()))
                    .addRow(row);
        }
        long[] streamMicros = collect(tenant, views, entities);
        List<TrainingColumn> columns = new ArrayList<>();
        features.forEach(each -> columns.add(new TrainingColumn(each.feature().dtype(), timesMicros.length)));
        entities.values().forEach(entity -> fill(columns, features, views, entity, timesMicros, streamMicros));
        return new TrainingSet(
                features.stream().map(FeatureReference::name).toList(),
                columns,
                timesMicros.length,
                streamMicros.length == 0
                        ? null
                        : Instant.EPOCH.plus(streamMicros[streamMicros.length - 1], ChronoUnit.MICROS));
    }

    /** Gives each entity what events say of it, and answers the times of all events, in order. */
    private long[] collect(String tenant, List<FeatureView> views, Map<String, EntityRows> entities) {
        Entity entity = views.getFirst().entity();
        Times times = new Times();
        ReplayBudget budget = new ReplayBudget(limits.maxMemory().toBytes());
        events.read(tenant, (event, sequence) -> {
            times.add(ViewAggregation.micros(event.time()));
            budget.spend(Long.BYTES);
            String id = event.entities().get(entity.name());
            EntityRows rows = id == null ? null : entities.get(id);
            if (rows != null) {
                contribute(views, rows, event, sequence, budget);
            }
        });
        return times.sorted();
    }

    private static void contribute(
            List<FeatureView> views, EntityRows rows, Event event, long sequence, ReplayBudget budget) {
        for (int view = 0; view < views.size(); view++) {
            Contribution contribution = views.get(view).aggregation().contribution(event, sequence);
            if (contribution != null) {
                budget.spend(rows.addContribution(view, contribution));
            }
        }
    }

    private static void fill(
            List<TrainingColumn> columns,
            List<FeatureReference> features,
            List<FeatureView> views,
            EntityRows entity,
            long[] timesMicros,
            long[] streamMicros) {
        int[] rows = entity.rowsByTime(timesMicros);
        for (int v = 0; v < views.size(); v++) {
            FeatureView view = views.get(v);
            List<Contribution> contributions = entity.contributionsByTime(v, view.aggregation());
            ViewState state = view.aggregation().empty();
            int next = 0;
            for (int row : rows) {
                long time = timesMicros[row];
                while (next < contributions.size() && contributions.get(next).micros() < time) {
                    state.add(contributions.get(next++));
                }
                if (next == 0 || isTooOld(view, state, time)) {
                    continue;
                }
                long streamTime = newestBefore(streamMicros, time);
                for (int column = 0; column < columns.size(); column++) {
                    if (features.get(column).view() == view) {
                        columns.get(column)
                                .set(row, state.value(features.get(column).index(), streamTime));
                    }
                }
            }
        }
    }

    private static boolean isTooOld(FeatureView view, ViewState state, long time) {
        return view.ttl() != null && time - state.eventMicros() > view.ttl().toMillis() * 1000;
    }

    /** The newest of these that is before this time; there is one. */
    private static long newestBefore(long[] sorted, long time) {
        int low = 0; // all before it are before this time
        int high = sorted.length; // none from it on is
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return sorted[low - 1];
    }

    /** Longs without boxes. */
    private static final class Times {

        private long[] micros = new long[1 << 12];
        private int size;

        void add(long time) {
            if (size == micros.length) {
                micros = Arrays.copyOf(micros, 2 * size);
            }
            micros[size++] = time;
        }

        long[] sorted() {
            long[] sorted = Arrays.copyOf(micros, size);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
