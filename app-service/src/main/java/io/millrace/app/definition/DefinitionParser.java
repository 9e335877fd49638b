package io.millrace.app.definition;

import io.millrace.app.definition.Expression.OfRequest;
import io.millrace.app.definition.RequestShape.ValueType;
import io.millrace.app.definition.YamlValue.Fields;
import io.millrace.app.definition.YamlValue.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a definition part by part, so that one wrong part does not hide the next one's findings. */
final class DefinitionParser {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final List<Finding> findings = new ArrayList<>();

    Definition parse(String yaml) throws InvalidDefinitionException {
        Definition definition = read(yaml);
        if (definition == null || !findings.isEmpty()) {
            throw new InvalidDefinitionException(findings);
        }
        return definition;
    }

    private @Nullable Definition read(String yaml) {
        Fields fields = attempt(() ->
                YamlValue.document(yaml).fields("application", "deadline", "request", "sources", "steps", "record"));
        if (fields == null) {
            return null;
        }
        Placed<String> application = attempt(() -> {
            YamlValue name = fields.required("application");
            return new Placed<>(
                    name.text(Syntax.APPLICATION, "a name of lower-case letters, digits and hyphens"), name.place());
        });
        Duration deadline = attempt(() -> deadline(fields.required("deadline")));
        RequestShape request = attempt(() -> request(fields.required("request")));
        Map<String, Place> sources = attempt(() -> sources(fields));
        Recording recording = attempt(() -> recording(fields));
        List<YamlValue> written = attempt(() -> fields.required("steps").list());
        List<Step> steps = new ArrayList<>();
        for (YamlValue each : written == null ? List.<YamlValue>of() : written) {
            Step step = attempt(() -> new StepParser(steps).parse(each));
            if (step != null) {
                steps.add(step);
            }
        }
        if (application == null
                || deadline == null
                || request == null
                || sources == null
                || recording == null
                || !findings.isEmpty()) {
            return null;
        }
        StepGraph graph = StepGraph.of(steps);
        findings.addAll(graph.findings());
        Definition definition = new Definition(application, deadline, request, sources, graph.ordered(), recording);
        if (findings.isEmpty()) {
            findings.addAll(new DefinitionRules(definition).findings());
            findings.addAll(StepGraph.withoutAnswer(steps, fields.mapping().place()));
        }
        return definition;
    }

    private static Duration deadline(YamlValue value) throws Refused {
        Duration deadline = value.duration();
        if (deadline.compareTo(LONGEST) > 0) {
            throw value.refused("write a deadline of at most " + LONGEST.toSeconds() + "s");
        }
        return deadline;
    }

    private static Recording recording(Fields definition) throws Refused {
        if (definition.optional("record").isEmpty()) {
            return Recording.ASYNC;
        }
        YamlValue value = definition.required("record");
        return switch (value.text()) {
            case "async" -> Recording.ASYNC;
            case "required" -> Recording.REQUIRED;
            default -> throw value.refused("write async or required");
        };
    }

    private static RequestShape request(YamlValue value) throws Refused {
        Fields fields = value.fields("entities", "context", "limit", "exclude");
        Map<String, ValueType> entities = new LinkedHashMap<>();
        for (Map.Entry<String, YamlValue> each :
                fields.required("entities").entries().entrySet()) {
            ValueType type = type(each.getValue());
            if (type.kind() != ValueType.Kind.STRING || type.optional()) {
                throw each.getValue().refused("an entity is a string");
            }
            entities.put(each.getKey(), type);
        }
        Map<String, ValueType> context = new LinkedHashMap<>();
        if (fields.optional("context").isPresent()) {
            for (Map.Entry<String, YamlValue> each :
                    fields.required("context").entries().entrySet()) {
                context.put(each.getKey(), type(each.getValue()));
            }
        }
        return new RequestShape(entities, context, limit(fields), exclude(fields));
    }

    private static ValueType type(YamlValue value) throws Refused {
        String text = value.text();
        boolean optional = text.endsWith("?");
        return switch (optional ? text.substring(0, text.length() - 1) : text) {
            case "string" -> new ValueType(ValueType.Kind.STRING, optional);
            case "number" -> new ValueType(ValueType.Kind.NUMBER, optional);
            case "boolean" -> new ValueType(ValueType.Kind.BOOLEAN, optional);
            default -> throw value.refused("write string, number or boolean, with a ? where it may be missing");
        };
    }

    private static RequestShape.@Nullable Limit limit(Fields request) throws Refused {
        if (request.optional("limit").isEmpty()) {
            return null;
        }
        Fields limit = request.required("limit").fields("default", "max");
        int max = limit.required("max").integer(1, 10_000);
        return new RequestShape.Limit(limit.required("default").integer(1, max), max);
    }

    private static int exclude(Fields request) throws Refused {
        if (request.optional("exclude").isEmpty()) {
            return 0;
        }
        Fields exclude = request.required("exclude").fields("type", "max");
        YamlValue type = exclude.required("type");
        if (!type.text().equals("string[]")) {
            throw type.refused("excluded ids are string[]");
        }
        return exclude.required("max").integer(1, 100_000);
    }

    private static Map<String, Place> sources(Fields definition) throws Refused {
        Map<String, Place> sources = new LinkedHashMap<>();
        if (definition.optional("sources").isPresent()) {
            for (Map.Entry<String, YamlValue> each :
                    definition.required("sources").entries().entrySet()) {
                each.getValue().fields("file").required("file").text();
                sources.put(each.getKey(), each.getValue().place());
            }
        }
        return sources;
    }

    private interface Reading<T> {
        T read() throws Refused;
    }

    private <T> @Nullable T attempt(Reading<T> reading) {
        try {
            return reading.read();
        } catch (Refused e) {
            findings.add(e.finding());
            return null;
        }
    }

    /** The expression in this value. */
    static Expression expression(YamlValue value) throws Refused {
        String text = value.text();
        return Expression.parse(text, value.place())
                .orElseThrow(() -> value.refused("\"" + text
                        + "\" is no path; write $.entities.NAME, $.limit, $STEP, $STEP.NAME or $STEP[*].id"));
    }

    /** The path to a value of a step. */
    static Expression.OfStep stepValue(YamlValue value) throws Refused {
        if (expression(value) instanceof Expression.OfStep step) {
            return step;
        }
        throw value.refused("write a path to a step's value, $STEP or $STEP.NAME");
    }

    /** The path to a part of the request. */
    static OfRequest requestValue(YamlValue value, OfRequest.Part part, String written) throws Refused {
        if (expression(value) instanceof OfRequest path && path.part() == part) {
            return path;
        }
        throw value.refused("write " + written);
    }
}
