package io.millrace.app.definition;

import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** One value of a YAML document with its place. Reading it as something it is not throws {@link Refused}. */
record YamlValue(Node node) {

    /** A value is not what it should be. */
    static final class Refused extends Exception {

        private final transient Finding finding;

        Refused(Place place, String message) {
            super(message);
            this.finding = new Finding(place, message);
        }

        Finding finding() {
            return finding;
        }
    }

    static YamlValue document(String text) throws Refused {
        try {
            Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
            if (root == null) {
                throw new Refused(new Place(1, 1), "the definition is empty");
            }
            return new YamlValue(root);
        } catch (MarkedYAMLException e) {
            throw new Refused(place(e.getProblemMark()), "this is no YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new Refused(new Place(1, 1), "this is no YAML: " + e.getMessage());
        }
    }

    Place place() {
        return place(node.getStartMark());
    }

    private static Place place(@Nullable Mark mark) {
        return mark == null ? new Place(1, 1) : new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    Refused refused(String message) {
        return new Refused(place(), message);
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    String text() throws Refused {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank() && !Tag.NULL.equals(node.getTag())) {
            return scalar.getValue();
        }
        throw refused("write a text here");
    }

    String text(Pattern pattern, String what) throws Refused {
        String text = text();
        if (!pattern.matcher(text).matches()) {
            throw refused("\"" + text + "\" is not " + what);
        }
        return text;
    }

    Placed<String> placedText() throws Refused {
        return new Placed<>(text(), place());
    }

    int integer(int min, int max) throws Refused {
        if (literal() instanceof Long number && number >= min && number <= max) {
            return number.intValue();
        }
        throw refused("write a whole number from " + min + " to " + max);
    }

    Duration duration() throws Refused {
        Matcher duration = Syntax.DURATION.matcher(text());
        if (!duration.matches() || Long.parseLong(duration.group(1)) == 0) {
            throw refused("write a time such as 500us, 80ms or 1s");
        }
        long amount = Long.parseLong(duration.group(1));
        return switch (duration.group(2)) {
            case "us" -> Duration.ofNanos(amount * 1000);
            case "ms" -> Duration.ofMillis(amount);
            default -> Duration.ofSeconds(amount);
        };
    }

    /** A {@code Boolean}, {@code Long}, {@code Double} or {@code String}. */
    Object literal() throws Refused {
        String text = text();
        try {
            if (Tag.BOOL.equals(node.getTag())) {
                return Set.of("true", "yes", "on").contains(text.toLowerCase(java.util.Locale.ROOT));
            }
            if (Tag.INT.equals(node.getTag())) {
                return Long.valueOf(text.replace("_", ""));
            }
            return Tag.FLOAT.equals(node.getTag()) ? (Object) Double.valueOf(text.replace("_", "")) : text;
        } catch (NumberFormatException e) {
            throw refused("write the number " + text + " in decimal digits");
        }
    }

    List<YamlValue> list() throws Refused {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream().map(YamlValue::new).toList();
        }
        throw refused("write a list here");
    }

    /** The entries of a mapping whose keys are free. */
    Map<String, YamlValue> entries() throws Refused {
        if (!(node instanceof MappingNode mapping)) {
            throw refused("write a mapping here");
        }
        Map<String, YamlValue> entries = new LinkedHashMap<>();
        for (NodeTuple each : mapping.getValue()) {
            YamlValue key = new YamlValue(each.getKeyNode());
            if (entries.put(key.text(), new YamlValue(each.getValueNode())) != null) {
                throw key.refused("the key \"" + key.text() + "\" is here twice");
            }
        }
        return entries;
    }

    /** The entries of a mapping that has only these keys. */
    Fields fields(String... known) throws Refused {
        Map<String, YamlValue> entries = entries();
        for (NodeTuple each : ((MappingNode) node).getValue()) {
            YamlValue key = new YamlValue(each.getKeyNode());
            if (!Arrays.asList(known).contains(key.text())) {
                throw key.refused("there is no key \"" + key.text() + "\" here; known are "
                        + String.join(", ", new TreeSet<>(List.of(known))));
            }
        }
        return new Fields(this, entries);
    }

    /** The entries of a mapping by their known keys. */
    record Fields(YamlValue mapping, Map<String, YamlValue> entries) {

        Optional<YamlValue> optional(String key) {
            return Optional.ofNullable(entries.get(key));
        }

        YamlValue required(String key) throws Refused {
            YamlValue value = entries.get(key);
            if (value == null) {
                throw mapping.refused("the key \"" + key + "\" is missing");
            }
            return value;
        }
    }

    /** These values, each read; the list may be left out where there is only one. */
    List<YamlValue> oneOrMore() throws Refused {
        return isList() ? list() : new ArrayList<>(List.of(this));
    }
}
