package io.millrace.local.application;

import io.millrace.local.supervision.Addresses;
import io.millrace.local.supervision.PartFailed;
import io.millrace.local.supervision.PartState;
import io.millrace.local.supervision.Progress;
import io.millrace.local.supervision.Repository;
import io.millrace.local.supervision.RunningParts;
import io.millrace.local.supervision.Service;
import io.millrace.local.supervision.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Brings the storefront in, step by step; what a run before has done is not done again.
 *
 * <p>Features and collections come first, so that events and points find them; the application comes last, because it is
 * checked against everything else.
 */
public final class StorefrontLoader {

    private static final String COLLECTION = "storefront-items";
    private static final List<String> MODELS =
            List.of("storefront-user-tower", "storefront-item-tower", "storefront-ranker");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** 2 s, several refreshes of the index, while new points come in. */
    private static final int LOOKS = 8;

    private final StateFolder state;
    private final Addresses addresses;
    private final RunningParts parts;
    private final Progress progress;
    private final HttpJson http = new HttpJson();
    private final Definitions definitions;
    private final ApplicationFolder folder;
    private final StorefrontProgram program;
    private final Path own;

    public StorefrontLoader(
            Repository repository, StateFolder state, Addresses addresses, RunningParts parts, Progress progress) {
        this.state = state;
        this.addresses = addresses;
        this.parts = parts;
        this.progress = progress;
        this.definitions = new Definitions(http, addresses);
        this.own = state.application(StorefrontProgram.NAME);
        this.folder = new ApplicationFolder(repository.application(StorefrontProgram.NAME), own);
        this.program = new StorefrontProgram(repository, state, addresses);
    }

    /**
     * Why this data cannot be loaded here, as a sentence with the way out; empty if it can or already is.
     *
     * @param data empty for whatever is there, or the simulated shop
     */
    public static Optional<String> problem(StateFolder state, Optional<ShopHistory> data) throws IOException {
        if (data.isEmpty()) {
            return Optional.empty();
        }
        ShopHistory wanted = data.get();
        if (!wanted.isReadable()) {
            return Optional.of("There is no file " + wanted.source() + " that can be read (--data storefront=FILE).");
        }
        return ShopHistory.read(state.application(StorefrontProgram.NAME))
                .filter(loaded -> !loaded.equals(wanted))
                .map(loaded ->
                        "%s holds %s, not %s. Set MILLRACE_STATE to another folder, or `./millrace down` and delete this one."
                                .formatted(state.root(), loaded, wanted));
    }

    /** Brings it in, and returns when predictions come whole through the gateway: a customer to try it with. */
    public String load(Optional<ShopHistory> data) throws PartFailed, InterruptedException {
        apply("features", definitions::features);
        apply("collections", definitions::collections);
        loadData(data.orElse(ShopHistory.SIMULATED));
        provideModels();
        apply("storefront", definitions::application);
        return warmUp();
    }

    /** Sends one kind of definition. */
    private interface Apply {
        List<Definitions.Applied> to(ApplicationFolder folder) throws DefinitionException, InterruptedException;
    }

    private void apply(String part, Apply apply) throws PartFailed, InterruptedException {
        progress.show(part, PartState.RUNNING, "");
        try {
            List<String> applied =
                    apply.to(folder).stream().map(Definitions.Applied::change).toList();
            progress.show(part, PartState.DONE, String.join(", ", applied));
        } catch (DefinitionException e) {
            throw new PartFailed(part, String.valueOf(e.getMessage()), e);
        }
    }

    private void loadData(ShopHistory data) throws PartFailed, InterruptedException {
        try {
            Optional<ShopHistory> loaded = ShopHistory.read(own);
            if (loaded.isPresent()) {
                progress.show("data", PartState.DONE, loaded.get().toString());
                return;
            }
            String loadedNow = program.run("data", data.programArguments(), parts, progress);
            data.write(own);
            progress.show("data", PartState.DONE, loadedNow);
        } catch (IOException e) {
            throw new PartFailed("data", "What was loaded cannot be read or written: " + e, e);
        }
    }

    private void provideModels() throws PartFailed, InterruptedException {
        boolean train = !MODELS.stream().allMatch(this::hasVersion);
        if (train) {
            program.run("models", List.of("train"), parts, progress);
        }
        progress.show("models", PartState.RUNNING, "waiting for the models to be served");
        for (String model : MODELS) {
            parts.await("models", model + " to be served", PATIENCE, () -> isServed(model));
        }
        var points = new StablePoints(train ? LOOKS : 1);
        parts.await("models", "the items to be searchable", PATIENCE, points::areThere);
        progress.show("models", PartState.DONE, points.last + " items searchable");
    }

    private boolean hasVersion(String model) {
        try (var versions = Files.newDirectoryStream(state.models().resolve(model), "[1-9]*")) {
            for (Path version : versions) {
                if (version.getFileName().toString().matches("\\d+")) {
                    return true;
                }
            }
            return false;
        } catch (IOException _) {
            return false; // no such model yet
        }
    }

    private boolean isServed(String model) throws InterruptedException {
        try {
            return http.get(addresses.url(Service.INFERENCE) + "/v2/models/" + model + "/ready")
                    .isSuccess();
        } catch (IOException _) {
            return false;
        }
    }

    /** The points of the collection, once there are some and no more come in. */
    private final class StablePoints {

        private final int looks;
        private long last;
        private int same;

        /** @param looks how often the number must have been the same */
        StablePoints(int looks) {
            this.looks = looks;
        }

        boolean areThere() throws InterruptedException {
            long points = count();
            same = points > 0 && points == last ? same + 1 : 0;
            last = points;
            return same >= looks;
        }

        private long count() throws InterruptedException {
            try {
                long points = 0;
                String url = addresses.url(Service.VECTOR) + "/v1/collections/" + COLLECTION + "/stats";
                for (JsonNode generation : http.get(url).body().path("generations")) {
                    points = Math.max(points, generation.path("points").asLong());
                }
                return points;
            } catch (IOException _) {
                return 0;
            }
        }
    }

    private String warmUp() throws PartFailed, InterruptedException {
        progress.show("predictions", PartState.RUNNING, "");
        List<String> customers = KnownCustomers.in(addresses.kafkaBootstrap());
        if (customers.isEmpty()) {
            throw new PartFailed("data", "No customer was found among the newest events.");
        }
        try {
            var warm = new WarmUp(new Predictions(http, addresses, state), customers, PATIENCE);
            try {
                parts.await("predictions", "to be answered", PATIENCE.plusSeconds(5), warm::isDone);
            } catch (PartFailed e) {
                throw new PartFailed(e.part(), e.getMessage() + " The last prediction: " + warm, e);
            }
            progress.show("predictions", PartState.DONE, warm.toString());
            return customers.getFirst();
        } catch (IOException e) {
            throw new PartFailed("gateway-service", "The demo key cannot be read: " + e, e);
        }
    }
}
