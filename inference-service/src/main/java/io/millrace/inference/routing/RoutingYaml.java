package io.millrace.inference.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads {@code routing.yaml}. A target without a model is of the route's own name, one without a version is the latest, one
 * without a weight has weight 1; a shadow without a share gets a copy of everything.
 *
 * <pre>
 * routes:
 *   storefront-ranker:
 *     to: [{version: 3, weight: 95}, {version: 4, weight: 5}]
 *     shadow: [{version: 5, share: 0.1}]
 *   ranker: {to: [{model: storefront-ranker}]}
 * </pre>
 */
final class RoutingYaml {

    private static final int MOST_WEIGHT = 1_000_000;

    private RoutingYaml() {}

    /** @throws IllegalArgumentException if it is not what it should be; the message says where */
    static RoutingTable parse(String yaml) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object root;
        try {
            root = new Yaml(new SafeConstructor(options)).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("routing.yaml: " + e.getMessage(), e);
        }
        Map<String, @Nullable Object> routes = mapping(
                "routes", mapping("routing.yaml", root, Set.of("routes")).get("routes"), null);
        Map<String, Route> table = new TreeMap<>();
        routes.forEach((name, route) -> table.put(name, route("routes." + name, name, route)));
        return new RoutingTable(table);
    }

    private static Route route(String at, String name, @Nullable Object written) {
        Map<String, @Nullable Object> route = mapping(at, written, Set.of("to", "shadow"));
        List<Route.Weighted> targets = new ArrayList<>();
        List<?> to = list(at + ".to", route.get("to"));
        for (int i = 0; i < to.size(); i++) {
            String place = "%s.to[%d]".formatted(at, i);
            Map<String, @Nullable Object> target = mapping(place, to.get(i), Set.of("model", "version", "weight"));
            targets.add(new Route.Weighted(target(place, name, target), weight(place, target.get("weight"))));
        }
        if (targets.stream().allMatch(target -> target.weight() == 0)) {
            throw new IllegalArgumentException(at + ".to: give at least one target a weight");
        }
        List<Route.Shadow> shadows = new ArrayList<>();
        List<?> copies = route.containsKey("shadow") ? list(at + ".shadow", route.get("shadow")) : List.of();
        for (int i = 0; i < copies.size(); i++) {
            String place = "%s.shadow[%d]".formatted(at, i);
            Map<String, @Nullable Object> shadow = mapping(place, copies.get(i), Set.of("model", "version", "share"));
            shadows.add(new Route.Shadow(target(place, name, shadow), share(place, shadow.get("share"))));
        }
        return new Route(targets, shadows);
    }

    private static Target target(String at, String name, Map<String, @Nullable Object> written) {
        Object model = written.getOrDefault("model", name);
        Object version = written.getOrDefault("version", "");
        if (!(model instanceof String text) || text.isBlank()) {
            throw new IllegalArgumentException(at + ".model: write a model's name");
        }
        if (!"".equals(version) && !(version instanceof Integer number && number >= 1)) {
            throw new IllegalArgumentException(at + ".version: write a version's number");
        }
        return new Target(text, String.valueOf(version));
    }

    private static int weight(String at, @Nullable Object written) {
        if (written == null) {
            return 1;
        }
        if (written instanceof Integer weight && weight >= 0 && weight <= MOST_WEIGHT) {
            return weight;
        }
        throw new IllegalArgumentException("%s.weight: write a whole number from 0 to %d".formatted(at, MOST_WEIGHT));
    }

    private static double share(String at, @Nullable Object written) {
        if (written == null) {
            return 1;
        }
        if (written instanceof Number share && share.doubleValue() >= 0 && share.doubleValue() <= 1) {
            return share.doubleValue();
        }
        throw new IllegalArgumentException(at + ".share: write a number from 0 to 1");
    }

    private static List<?> list(String at, @Nullable Object written) {
        if (written instanceof List<?> list && !list.isEmpty()) {
            return list;
        }
        throw new IllegalArgumentException(at + ": list at least one");
    }

    /** @param known the keys that may be there, or {@code null} for any */
    private static Map<String, @Nullable Object> mapping(
            String at, @Nullable Object written, @Nullable Set<String> known) {
        if (!(written instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(at + ": write a mapping");
        }
        Map<String, @Nullable Object> result = new TreeMap<>();
        map.forEach((key, value) -> {
            if (!(key instanceof String text) || (known != null && !known.contains(text))) {
                throw new IllegalArgumentException("%s: there is no key %s%s"
                        .formatted(
                                at,
                                key,
                                known == null
                                        ? ""
                                        : "; known are "
                                                + known.stream().sorted().toList()));
            }
            result.put(text, value);
        });
        return result;
    }
}
