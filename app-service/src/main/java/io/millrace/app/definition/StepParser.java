package io.millrace.app.definition;

import static io.millrace.app.definition.DefinitionParser.expression;
import static io.millrace.app.definition.DefinitionParser.requestValue;
import static io.millrace.app.definition.DefinitionParser.stepValue;

import io.millrace.app.definition.Expression.OfRequest;
import io.millrace.app.definition.Expression.OfStep;
import io.millrace.app.definition.Step.Condition;
import io.millrace.app.definition.Step.Features.OnMissing;
import io.millrace.app.definition.Step.Operation;
import io.millrace.app.definition.YamlValue.Fields;
import io.millrace.app.definition.YamlValue.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one step; {@code before} are the steps above it. */
record StepParser(List<Step> before) {

    private static final List<String> KINDS = List.of("features", "retrieve", "infer", "post");

    Step parse(YamlValue step) throws Refused {
        List<String> kinds = KINDS.stream().filter(step.entries()::containsKey).toList();
        if (kinds.size() != 1) {
            throw step.refused("a step has one of " + String.join(", ", KINDS));
        }
        return switch (kinds.getFirst()) {
            case "features" -> features(step.fields("id", "features", "timeout", "on_missing"));
            case "retrieve" -> retrieve(step.fields("id", "retrieve", "timeout", "on_failure"));
            case "infer" -> infer(step.fields("id", "infer", "timeout", "on_failure"));
            default -> post(step.fields("id", "post"));
        };
    }

    private static Step.Head head(Fields step) throws Refused {
        return new Step.Head(
                step.required("id").text(Syntax.NAME, "a name of letters, digits and underscores"),
                step.mapping().place(),
                step.optional("timeout").isPresent() ? step.required("timeout").duration() : null);
    }

    private static Step features(Fields step) throws Refused {
        Fields features = step.required("features").fields("service", "entity", "entities", "join_key");
        if (features.optional("entity").isPresent()
                == features.optional("entities").isPresent()) {
            throw features.mapping()
                    .refused("write entity for the one of the request, or entities for those of a retrieval");
        }
        Placed<String> service = features.required("service").placedText();
        OnMissing onMissing = onMissing(step);
        if (features.optional("entity").isPresent()) {
            OfRequest entity = requestValue(features.required("entity"), OfRequest.Part.ENTITIES, "$.entities.NAME");
            if (onMissing == OnMissing.DROP) {
                throw step.required("on_missing").refused("one entity cannot be dropped; write defaults");
            }
            String joinKey = features.optional("join_key").isPresent()
                    ? features.required("join_key").text()
                    : entity.name();
            return new Step.Features(head(step), service, joinKey, entity, onMissing);
        }
        OfStep ids = stepValue(features.required("entities"));
        if (!ids.each() || !ids.name().equals("id")) {
            throw features.required("entities").refused("write $STEP[*].id, the ids of a retrieval");
        }
        return new Step.Features(
                head(step), service, features.required("join_key").text(), ids, onMissing);
    }

    private static OnMissing onMissing(Fields step) throws Refused {
        if (step.optional("on_missing").isEmpty()) {
            return OnMissing.DEFAULTS;
        }
        YamlValue written = step.required("on_missing");
        return switch (written.text()) {
            case "defaults" -> OnMissing.DEFAULTS;
            case "drop" -> OnMissing.DROP;
            default -> throw written.refused("write defaults or drop");
        };
    }

    private static Step retrieve(Fields step) throws Refused {
        Fields retrieve = step.required("retrieve").fields("collection", "vector", "limit", "filter", "with_payload");
        List<Condition> must = new ArrayList<>();
        List<Condition> mustNot = new ArrayList<>();
        if (retrieve.optional("filter").isPresent()) {
            Fields filter = retrieve.required("filter").fields("must", "must_not");
            conditions(filter, "must", must);
            conditions(filter, "must_not", mustNot);
        }
        List<Placed<String>> payload = new ArrayList<>();
        if (retrieve.optional("with_payload").isPresent()) {
            for (YamlValue each : retrieve.required("with_payload").list()) {
                payload.add(each.placedText());
            }
        }
        Placed<String> source = null;
        if (step.optional("on_failure").isPresent()) {
            source = step.required("on_failure").fields("use").required("use").placedText();
        }
        return new Step.Retrieve(
                head(step),
                retrieve.required("collection").placedText(),
                stepValue(retrieve.required("vector")),
                retrieve.required("limit").integer(1, 10_000),
                must,
                mustNot,
                payload,
                source);
    }

    private static void conditions(Fields filter, String key, List<Condition> conditions) throws Refused {
        if (filter.optional(key).isPresent()) {
            for (YamlValue each : filter.required(key).list()) {
                conditions.add(condition(each));
            }
        }
    }

    private static Condition condition(YamlValue written) throws Refused {
        Fields condition = written.fields("key", "match", "ids");
        if (condition.optional("ids").isPresent()) {
            written.fields("ids");
            return new Condition.Ids(requestValue(condition.required("ids"), OfRequest.Part.EXCLUDE, "$.exclude"));
        }
        YamlValue match = condition.required("match");
        Object value = match.literal();
        return new Condition.Match(
                condition.required("key").placedText(),
                value instanceof String text && text.startsWith("$") ? expression(match) : value);
    }

    private static Step infer(Fields step) throws Refused {
        Fields infer = step.required("infer").fields("model", "rows", "inputs", "routing_key");
        Map<String, List<OfStep>> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, YamlValue> each :
                infer.required("inputs").entries().entrySet()) {
            tensors.put(each.getKey(), stepValues(each.getValue()));
        }
        OfStep rows = infer.optional("rows").isPresent() ? stepValue(infer.required("rows")) : null;
        return new Step.Infer(
                head(step),
                infer.required("model").placedText(),
                rows,
                tensors,
                scores(step, rows),
                infer.optional("routing_key").isPresent() ? routingKey(infer.required("routing_key")) : null);
    }

    private static OfRequest routingKey(YamlValue written) throws Refused {
        if (expression(written) instanceof OfRequest path
                && (path.part() == OfRequest.Part.ENTITIES || path.part() == OfRequest.Part.CONTEXT)) {
            return path;
        }
        throw written.refused("write $.entities.NAME or $.context.NAME");
    }

    private static List<OfStep> scores(Fields step, @Nullable OfStep rows) throws Refused {
        if (step.optional("on_failure").isEmpty()) {
            return List.of();
        }
        YamlValue onFailure = step.required("on_failure");
        if (rows == null) {
            throw onFailure.refused("only a step with rows can be scored otherwise");
        }
        return stepValues(onFailure.fields("score").required("score"));
    }

    private static List<OfStep> stepValues(YamlValue written) throws Refused {
        List<OfStep> values = new ArrayList<>();
        for (YamlValue each : written.oneOrMore()) {
            values.add(stepValue(each));
        }
        if (values.isEmpty()) {
            throw written.refused("name at least one value of a step");
        }
        return values;
    }

    private Step post(Fields step) throws Refused {
        List<Operation> operations = new ArrayList<>();
        for (YamlValue each : step.required("post").list()) {
            operations.add(operation(each));
        }
        Step list = before.reversed().stream()
                .filter(each ->
                        each instanceof Step.Retrieve || each instanceof Step.Infer infer && infer.rows() != null)
                .findFirst()
                .orElseThrow(() -> step.mapping().refused("no step above has a list to answer with"));
        return new Step.Post(
                head(step), new OfStep(list.id(), "", false, step.mapping().place()), operations);
    }

    private static Operation operation(YamlValue written) throws Refused {
        Fields operation = written.fields("diversify", "top");
        if (operation.entries().size() != 1) {
            throw written.refused("write diversify or top");
        }
        if (operation.optional("diversify").isPresent()) {
            Fields diversify = operation.required("diversify").fields("by", "max");
            YamlValue by = diversify.required("by");
            int max = diversify.required("max").integer(1, 10_000);
            return by.text().startsWith("$")
                    ? new Operation.DiversifyByFeature(stepValue(by), max)
                    : new Operation.DiversifyByPayload(by.placedText(), max);
        }
        YamlValue top = operation.required("top");
        if (top.text().startsWith("$")) {
            requestValue(top, OfRequest.Part.LIMIT, "$.limit or a number");
            return new Operation.TopOfRequest();
        }
        return new Operation.Top(top.integer(1, 10_000));
    }
}
