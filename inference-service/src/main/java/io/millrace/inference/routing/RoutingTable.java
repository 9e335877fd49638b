package io.millrace.inference.routing;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where requests go that ask for no version. A name that is not in it goes to the latest version of the model of that name. */
public final class RoutingTable {

    private final Map<String, Route> routes;

    RoutingTable(Map<String, Route> routes) {
        this.routes = Map.copyOf(routes);
    }

    /** Without a route. */
    public static RoutingTable empty() {
        return new RoutingTable(Map.of());
    }

    /**
     * Where a request is to go, and, for the case that nobody answers there, where else.
     *
     * @param version a number, which always wins, or empty
     * @param key keeps its caller at one target; without one, requests are shared out at random
     */
    public List<Target> targets(String name, String version, @Nullable String key) {
        Route route = routes.get(name);
        if (route == null) {
            return List.of(new Target(name, version));
        }
        return version.isEmpty()
                ? route.inOrder(key == null ? Slot.any() : Slot.of(key))
                : List.of(main(name, version));
    }

    /** What describes the name: the target of most of its requests. */
    public Target main(String name, String version) {
        Route route = routes.get(name);
        if (route == null) {
            return new Target(name, version);
        }
        return version.isEmpty() ? route.main() : new Target(route.main().model(), version);
    }

    /** The targets that are to get a copy of a request that asked for no version. */
    public List<Target> shadows(String name, @Nullable String key) {
        Route route = routes.get(name);
        if (route == null || route.shadows().isEmpty()) {
            return List.of();
        }
        // Not the slot of the weights, or a shadow would see the callers of one target alone.
        int slot = key == null ? Slot.any() : Slot.of("shadow " + key);
        return route.shadows().stream()
                .filter(shadow -> slot < shadow.share() * Slot.COUNT)
                .map(Route.Shadow::target)
                .toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutingTable table && table.routes.equals(routes);
    }

    @Override
    public int hashCode() {
        return routes.hashCode();
    }

    /** Each name with its targets and weights, for people. */
    @Override
    public String toString() {
        return routes.entrySet().stream()
                .map(route -> route.getKey() + " -> " + route.getValue())
                .sorted()
                .collect(Collectors.joining("; "));
    }
}
