package io.millrace.feature.registry;

import io.millrace.feature.FeatureException.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A place in a YAML text that collects what is wrong there instead of stopping at the first error. */
final class YamlCursor {

    private final Node node;
    private final String pointer;
    private final List<Finding> findings;

    YamlCursor(Node node, String pointer, List<Finding> findings) {
        this.node = node;
        this.pointer = pointer;
        this.findings = findings;
    }

    /** The fields of this mapping, of which some must and no others may be there. */
    Map<String, YamlCursor> fields(Set<String> required, Set<String> optional) {
        Map<String, YamlCursor> fields = new LinkedHashMap<>();
        if (!(node instanceof MappingNode mapping)) {
            report("wrong-type", "write a mapping");
            return fields;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            String place = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
            YamlCursor value = new YamlCursor(tuple.getValueNode(), place, findings);
            YamlCursor name = new YamlCursor(tuple.getKeyNode(), place, findings);
            if (!required.contains(key) && !optional.contains(key)) {
                Set<String> known = new TreeSet<>(required);
                known.addAll(optional);
                name.report("unknown-field", "there is no \"" + key + "\" here; known are " + String.join(", ", known));
            } else if (fields.putIfAbsent(key, value) != null) {
                name.report("invalid", "\"" + key + "\" is here twice; leave one out");
            }
        }
        for (String key : required) {
            if (!fields.containsKey(key)) {
                report("required", "add \"" + key + "\"");
            }
        }
        return fields;
    }

    /** The items of this list. */
    List<YamlCursor> items() {
        List<YamlCursor> items = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                items.add(new YamlCursor(item, pointer + "/" + items.size(), findings));
            }
        } else {
            report("wrong-type", "write a list");
        }
        return items;
    }

    /** The text of this scalar. */
    Optional<String> text() {
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            return Optional.of(scalar.getValue());
        }
        report("wrong-type", "write a text");
        return Optional.empty();
    }

    void report(String code, String message) {
        findings.add(new Finding(
                pointer,
                code,
                node.getStartMark().getLine() + 1,
                node.getStartMark().getColumn() + 1,
                message));
    }
}
