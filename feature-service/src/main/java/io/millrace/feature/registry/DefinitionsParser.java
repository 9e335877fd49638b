package io.millrace.feature.registry;

import io.millrace.feature.FeatureException;
import io.millrace.feature.FeatureException.Finding;
import io.millrace.feature.aggregation.Aggregation;
import io.millrace.feature.aggregation.AggregationFunction;
import io.millrace.feature.aggregation.Column;
import io.millrace.feature.aggregation.Dtype;
import io.millrace.feature.aggregation.ViewAggregation;
import io.millrace.feature.feast.JoinKeyType;
import io.millrace.feature.feast.RowLayout;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a features.yaml strictly: what it does not know it refuses, and it names all errors at once. */
final class DefinitionsParser {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})([smhdw])");
    private static final Duration LONGEST_WINDOW = Duration.ofDays(1000); // as many tiles by the day
    private static final int MOST_DISTINCT = 1000;

    private final String tenant;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Entity> entities = new LinkedHashMap<>();
    private final Map<String, FeatureView> views = new LinkedHashMap<>();
    private final Map<String, FeatureService> services = new LinkedHashMap<>();
    private final Map<String, Map<Integer, String>> fields = new HashMap<>(); // by join key: feature field, its name

    private DefinitionsParser(String tenant) {
        this.tenant = tenant;
    }

    /**
     * The definitions in this text.
     *
     * @throws FeatureException.InvalidDefinition with all that is wrong
     */
    static Definitions parse(String tenant, int version, String text) {
        return new DefinitionsParser(tenant).parse(version, text);
    }

    private Definitions parse(int version, String text) {
        String project = "";
        Node root = compose(text);
        if (root != null) {
            Map<String, YamlCursor> file = new YamlCursor(root, "", findings)
                    .fields(Set.of("project", "entities", "feature_views"), Set.of("feature_services"));
            project = name(file.get("project")).orElse("");
            String feastProject = tenant + "_" + project;
            items(file.get("entities")).forEach(each -> entity(each, feastProject));
            items(file.get("feature_views")).forEach(this::view);
            boolean viewsAreWhole = findings.isEmpty();
            items(file.get("feature_services")).forEach(each -> service(each, viewsAreWhole));
        }
        if (!findings.isEmpty()) {
            findings.sort(Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column));
            throw new FeatureException.InvalidDefinition(findings);
        }
        return new Definitions(
                tenant,
                project,
                version,
                text,
                List.copyOf(entities.values()),
                List.copyOf(views.values()),
                List.copyOf(services.values()));
    }

    private @Nullable Node compose(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(20);
        try {
            for (Event event : new Yaml(options).parse(new StringReader(text))) {
                if (event instanceof AliasEvent) { // a few of them can make a small text immense
                    Mark mark = event.getStartMark();
                    findings.add(new Finding(
                            "",
                            "invalid",
                            mark.getLine() + 1,
                            mark.getColumn() + 1,
                            "write it out; aliases are not read"));
                    return null;
                }
            }
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null) {
                findings.add(
                        new Finding("", "required", 1, 1, "the text is empty; write project, entities, feature_views"));
            }
            return root;
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            findings.add(new Finding(
                    "",
                    "invalid",
                    mark == null ? 1 : mark.getLine() + 1,
                    mark == null ? 1 : mark.getColumn() + 1,
                    "this is no YAML: " + e.getProblem()));
            return null;
        } catch (YAMLException e) {
            findings.add(new Finding("", "invalid", 1, 1, "this is no YAML: " + e.getMessage()));
            return null;
        }
    }

    private void entity(YamlCursor place, String feastProject) {
        Map<String, YamlCursor> fields = place.fields(Set.of("name", "value_type"), Set.of("join_key"));
        Optional<String> name = name(fields.get("name"));
        Optional<String> joinKey = fields.containsKey("join_key") ? name(fields.get("join_key")) : name;
        Optional<JoinKeyType> type = oneOf(fields.get("value_type"), JoinKeyType.values(), JoinKeyType::name);
        if (name.isEmpty() || joinKey.isEmpty() || type.isEmpty()) {
            return;
        }
        if (entities.values().stream().anyMatch(other -> other.joinKey().equals(joinKey.get()))) {
            place.report("invalid", "the join key " + joinKey.get() + " belongs to another entity; choose another");
        }
        Entity entity = new Entity(name.get(), joinKey.get(), type.get(), feastProject);
        if (entities.putIfAbsent(entity.name(), entity) != null) {
            place.report("invalid", "there are two entities " + entity.name() + "; rename one");
        }
    }

    private void view(YamlCursor place) {
        Map<String, YamlCursor> fields = place.fields(Set.of("name", "entity", "features"), Set.of("ttl"));
        Optional<String> name = name(fields.get("name"));
        Optional<Entity> entity = entity(fields.get("entity"));
        Duration ttl = fields.containsKey("ttl") ? duration(fields.get("ttl")).orElse(null) : null;
        Map<String, Aggregation> features = new LinkedHashMap<>();
        List<YamlCursor> items = items(fields.get("features"));
        for (YamlCursor item : items) {
            Optional<Aggregation> feature = feature(item);
            if (feature.isEmpty()) {
                continue;
            }
            if (features.putIfAbsent(feature.get().name(), feature.get()) != null) {
                item.report("invalid", "there are two features " + feature.get().name() + " in this view; rename one");
            } else if (name.isPresent() && entity.isPresent()) {
                refuseCollision(item, entity.get(), name.get(), feature.get().name());
            }
        }
        if (fields.containsKey("features") && items.isEmpty()) {
            place.report("required", "a view has at least one feature");
        }
        if (name.isPresent() && entity.isPresent()) {
            ViewAggregation aggregation = new ViewAggregation(List.copyOf(features.values()));
            FeatureView view = new FeatureView(name.get(), entity.get(), ttl, aggregation);
            if (views.putIfAbsent(view.name(), view) != null) {
                place.report("invalid", "there are two feature views " + view.name() + "; rename one");
            }
        }
    }

    /** All views of an entity share one hash in the online store, where 32 bits name a feature. */
    private void refuseCollision(YamlCursor place, Entity entity, String view, String feature) {
        String name = view + ":" + feature;
        int field = ByteBuffer.wrap(RowLayout.featureField(view, feature)).getInt();
        String other = fields.computeIfAbsent(entity.joinKey(), each -> new HashMap<>())
                .putIfAbsent(field, name);
        if (other != null && !other.equals(name)) {
            place.report("invalid", name + " and " + other + " have one field in the online store; rename one");
        }
    }

    private Optional<Aggregation> feature(YamlCursor place) {
        Map<String, YamlCursor> fields =
                place.fields(Set.of("name", "function", "dtype"), Set.of("column", "types", "time_window", "n"));
        int before = findings.size();
        Optional<String> name = name(fields.get("name"));
        Optional<AggregationFunction> function =
                oneOf(fields.get("function"), AggregationFunction.values(), AggregationFunction::yamlName);
        Optional<Dtype> dtype = oneOf(fields.get("dtype"), Dtype.values(), Dtype::feastName);
        Optional<Column> column = column(fields.get("column"));
        Optional<Duration> window = window(fields.get("time_window"));
        Set<String> types = types(fields.get("types"));
        if (function.isEmpty() || dtype.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        if (!function.get().dtypes().contains(dtype.get())) {
            Set<String> possible = new TreeSet<>();
            function.get().dtypes().forEach(each -> possible.add(each.feastName()));
            fields.getOrDefault("dtype", place)
                    .report("invalid", function.get().yamlName() + " gives " + String.join(" or ", possible));
        }
        if (function.get() != AggregationFunction.COUNT && !fields.containsKey("column")) {
            place.report("required", "add \"column\": " + function.get().yamlName() + " needs one");
        }
        int n = n(place, fields.get("n"), function.get());
        return findings.size() > before
                ? Optional.empty()
                : Optional.of(new Aggregation(
                        name.get(), function.get(), column.orElse(null), types, n, window.orElse(null), dtype.get()));
    }

    private int n(YamlCursor place, @Nullable YamlCursor value, AggregationFunction function) {
        boolean distinct = function == AggregationFunction.LAST_DISTINCT;
        if (value == null) {
            if (distinct) {
                place.report("required", "add \"n\": how many values last_distinct keeps");
            }
            return 0;
        }
        if (!distinct) {
            value.report("invalid", "only last_distinct has an \"n\"; leave it out");
            return 0;
        }
        String text = value.text().orElse("");
        if (text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= MOST_DISTINCT) {
            return Integer.parseInt(text);
        }
        value.report("out-of-range", "write an integer from 1 to " + MOST_DISTINCT);
        return 0;
    }

    private Set<String> types(@Nullable YamlCursor place) {
        Set<String> types = new HashSet<>();
        for (YamlCursor item : items(place)) {
            item.text().ifPresent(types::add);
        }
        if (place != null && types.isEmpty()) {
            place.report("invalid", "name at least one type of event, or leave \"types\" out for all");
        }
        return types;
    }

    private Optional<Column> column(@Nullable YamlCursor place) {
        Optional<String> text = place == null ? Optional.empty() : place.text();
        if (place == null || text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Column> column = Column.parse(text.get());
        if (column.isEmpty()) {
            place.report("invalid", "write value.NAME or entities.NAME");
        } else if (column.get().source() == Column.Source.ENTITIES
                && !entities.containsKey(column.get().name())) {
            place.report("invalid", "there is no entity " + column.get().name() + knownEntities());
        }
        return column;
    }

    private Optional<Duration> window(@Nullable YamlCursor place) {
        Optional<Duration> window = place == null ? Optional.empty() : duration(place);
        if (place == null || window.isEmpty()) {
            return window;
        }
        Duration hop = Aggregation.hop(window.get());
        if (window.get().compareTo(LONGEST_WINDOW) > 0) {
            place.report(
                    "out-of-range", "write at most " + LONGEST_WINDOW.toDays() + "d, or leave it out for all time");
        } else if (window.get().toMillis() % hop.toMillis() != 0) {
            place.report(
                    "invalid", "write a whole number of tiles; those of this window are " + hop.toMinutes() + "m long");
        }
        return window;
    }

    private Optional<Duration> duration(@Nullable YamlCursor place) {
        Optional<String> text = place == null ? Optional.empty() : place.text();
        if (place == null || text.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = DURATION.matcher(text.get());
        if (!matcher.matches()) {
            place.report("invalid", "write a number and a unit, 28d for example; units are s, m, h, d, w");
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    default -> Duration.ofDays(7 * number);
                });
    }

    private void service(YamlCursor place, boolean viewsAreWhole) {
        Map<String, YamlCursor> fields = place.fields(Set.of("name", "features"), Set.of());
        List<FeatureReference> features = new ArrayList<>();
        for (YamlCursor item : items(fields.get("features"))) {
            Optional<String> reference = item.text();
            List<FeatureReference> found = reference
                    .map(text -> Definitions.features(List.copyOf(views.values()), text))
                    .orElse(List.of());
            if (reference.isPresent() && found.isEmpty() && viewsAreWhole) {
                item.report("invalid", "there is no feature " + reference.get() + "; write view:feature or view:*");
            }
            for (FeatureReference each : found) {
                if (features.contains(each)) {
                    item.report("invalid", each.view().name() + ":" + each.name() + " is here twice; leave one out");
                }
            }
            features.addAll(found);
        }
        Optional<String> name = name(fields.get("name"));
        if (name.isPresent() && services.putIfAbsent(name.get(), new FeatureService(name.get(), features)) != null) {
            place.report("invalid", "there are two feature services " + name.get() + "; rename one");
        }
    }

    private Optional<Entity> entity(@Nullable YamlCursor place) {
        Optional<String> name = name(place);
        if (place != null && name.isPresent() && !entities.containsKey(name.get())) {
            place.report("invalid", "there is no entity " + name.get() + knownEntities());
        }
        return name.map(entities::get);
    }

    private String knownEntities() {
        return "; known are " + String.join(", ", entities.keySet());
    }

    private static Optional<String> name(@Nullable YamlCursor place) {
        Optional<String> text = place == null ? Optional.empty() : place.text();
        if (place != null
                && text.isPresent()
                && (!NAME.matcher(text.get()).matches() || text.get().contains("__"))) {
            place.report("invalid", "write a letter, then letters, digits and single _, at most 63 in all");
            return Optional.empty();
        }
        return text;
    }

    private static <E> Optional<E> oneOf(
            @Nullable YamlCursor place, E[] values, java.util.function.Function<E, String> named) {
        Optional<String> text = place == null ? Optional.empty() : place.text();
        Optional<E> value = text.flatMap(name -> Arrays.stream(values)
                .filter(each -> named.apply(each).equals(name))
                .findFirst());
        if (place != null && text.isPresent() && value.isEmpty()) {
            place.report(
                    "invalid",
                    "write one of "
                            + String.join(", ", Arrays.stream(values).map(named).toList()));
        }
        return value;
    }

    private static List<YamlCursor> items(@Nullable YamlCursor place) {
        return place == null ? List.of() : place.items();
    }
}
