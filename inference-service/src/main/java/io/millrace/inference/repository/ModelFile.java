package io.millrace.inference.repository;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Scheduling;
import io.millrace.inference.model.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of {@code model.yaml} with their defaults and rules; a violation is an {@link IllegalArgumentException}. */
record ModelFile(
        @Nullable String platform,
        @Nullable Integer maxBatchSize,
        @Nullable String maxQueueDelay,
        @Nullable Integer maxQueueRows,
        @Nullable Integer instances,
        @Nullable String timeout,
        @Nullable Integer priorityLevels,
        @Nullable String cache,
        @Nullable Double price,
        @Nullable String embeddingSpace,
        @Nullable List<Input> inputs,
        @Nullable List<Output> outputs,
        @Nullable Object versionPolicy,
        @Nullable WarmUp warmUp) {

    private static final int MOST_PRIORITY_LEVELS = 8;
    private static final double MOST_PRICE = 1e6;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4})(KB|MB|GB)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(us|ms|s)");
    private static final Pattern ORIGIN = Pattern.compile("[\\w-]+(\\.[\\w-]+)+");

    /** An input: the columns of a row, or one list of {@code width} values. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({"name", "datatype", "columns", "width", "from", "padding"})
    record Input(
            String name,
            Datatype datatype,
            @Nullable List<Column> columns,
            @Nullable Integer width,
            @Nullable String from,
            @Nullable Object padding) {

        /** The same with all defaults filled in. */
        Input checked() {
            requireNamed(name, datatype);
            if (columns != null) {
                require(
                        width == null && from == null && padding == null,
                        "width, from and padding are for lists, without columns");
                List<Column> filled = each("columns", columns, column -> column.checked(datatype));
                return new Input(name, datatype, filled, null, null, null);
            }
            require(
                    width != null && (width >= 1 || width == Shape.VARIABLE),
                    "write columns, or a width of 1 or more, or -1 for any");
            require(from == null || ORIGIN.matcher(from).matches(), "from: write step.feature");
            return new Input(name, datatype, null, width, from, orZero(datatype, padding));
        }

        ModelDefinition.Input definition() {
            return columns == null
                    ? new ModelDefinition.Input(
                            name,
                            datatype,
                            width(0),
                            Collections.nCopies(Math.max(width(0), 1), orZero(datatype, padding)))
                    : new ModelDefinition.Input(
                            name,
                            datatype,
                            columns.size(),
                            columns.stream()
                                    .map(column -> orZero(datatype, column.missing()))
                                    .toList());
        }

        private int width(int otherwise) {
            return width == null ? otherwise : width;
        }
    }

    @JsonPropertyOrder({"from", "default"})
    record Column(
            String from, @JsonProperty("default") @Nullable Object missing) {
        Column checked(Datatype datatype) {
            require(from != null && ORIGIN.matcher(from).matches(), "from: write step.feature");
            return new Column(from, orZero(datatype, missing));
        }
    }

    record Output(String name, Datatype datatype) {
        ModelDefinition.Output definition() {
            requireNamed(name, datatype);
            return new ModelDefinition.Output(name, datatype);
        }
    }

    record WarmUp(@Nullable String batchLimit, @Nullable String samples) {}

    /** The same with all defaults of the inputs filled in. */
    ModelFile checked() {
        return new ModelFile(
                platform,
                maxBatchSize,
                maxQueueDelay,
                maxQueueRows,
                instances,
                timeout,
                priorityLevels,
                cache,
                price,
                embeddingSpace,
                each("inputs", inputs, Input::checked),
                outputs,
                versionPolicy,
                warmUp);
    }

    /** @param columns the {@code inputs} as JSON, with its hash */
    ModelDefinition definition(String columns, String signature) {
        ModelFormat format = ModelFormat.of(platform == null ? "" : platform)
                .orElseThrow(() -> new IllegalArgumentException(
                        "platform: write onnx_onnxv1, xgboost_json or pytorch_torchscript"));
        int batch = atLeastOne("max_batch_size", maxBatchSize, 64);
        int queue = atLeastOne("max_queue_rows", maxQueueRows, Math.max(4096, batch));
        require(queue >= batch, "max_queue_rows: write at least max_batch_size");
        List<ModelDefinition.Input> given = each("inputs", inputs, Input::definition);
        List<ModelDefinition.Output> wanted = each("outputs", outputs, Output::definition);
        requireDistinct("inputs", given.stream().map(ModelDefinition.Input::name));
        requireDistinct("outputs", wanted.stream().map(ModelDefinition.Output::name));
        int levels = atLeastOne("priority_levels", priorityLevels, Scheduling.DEFAULT_PRIORITY_LEVELS);
        require(levels <= MOST_PRIORITY_LEVELS, "priority_levels: write at most " + MOST_PRIORITY_LEVELS);
        double cost = price == null ? 0 : price;
        require(cost >= 0 && cost <= MOST_PRICE, "price: write what an instance costs in an hour");
        Duration patience = time("timeout", timeout, "30s");
        require(patience.isPositive(), "timeout: write a time above zero");
        return new ModelDefinition(
                format.platform(),
                new Scheduling(
                        batch,
                        time("max_queue_delay", maxQueueDelay, "0us"),
                        queue,
                        atLeastOne("instances", instances, 1),
                        patience,
                        levels,
                        cache == null ? 0 : size("cache", cache),
                        cost),
                embeddingSpace,
                given,
                wanted,
                columns,
                signature);
    }

    /** @param otherwise the versions that are loaded where nothing is said */
    Lifecycle lifecycle(VersionPolicy otherwise) {
        Duration limit = time(
                "warm_up: batch_limit",
                warmUp == null || warmUp.batchLimit() == null ? timeout : warmUp.batchLimit(),
                "30s");
        require(limit.isPositive(), "warm_up: batch_limit: write a time above zero");
        return new Lifecycle(
                VersionPolicy.of(versionPolicy, otherwise), limit, warmUp == null ? null : warmUp.samples());
    }

    private static void requireNamed(String name, Datatype datatype) {
        require(name != null && !name.isBlank(), "name: is missing");
        require(datatype != null, "datatype: is missing");
    }

    private static void requireDistinct(String key, Stream<String> names) {
        Set<String> seen = new HashSet<>();
        names.forEach(name -> require(seen.add(name), "%s: \"%s\" is there twice".formatted(key, name)));
    }

    private static <T, R> List<R> each(String key, @Nullable List<T> list, Function<T, R> entry) {
        if (list == null || list.isEmpty()) {
            throw new IllegalArgumentException(key + ": list at least one");
        }
        List<R> results = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            try {
                results.add(entry.apply(list.get(i)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("%s[%d]: %s".formatted(key, i, e.getMessage()), e);
            }
        }
        return results;
    }

    private static int atLeastOne(String key, @Nullable Integer value, int otherwise) {
        require(value == null || value >= 1, key + ": write at least 1");
        return value == null ? otherwise : value;
    }

    private static long size(String key, String text) {
        Matcher size = SIZE.matcher(text);
        require(size.matches(), key + ": write a size such as 512KB, 64MB or 1GB");
        long amount = Long.parseLong(size.group(1));
        return switch (size.group(2)) {
            case "KB" -> amount << 10;
            case "MB" -> amount << 20;
            default -> amount << 30;
        };
    }

    private static Duration time(String key, @Nullable String text, String otherwise) {
        Matcher time = TIME.matcher(text == null ? otherwise : text);
        require(time.matches(), key + ": write a time such as 500us, 2ms or 1s");
        long amount = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "us" -> Duration.ofNanos(amount * 1000);
            case "ms" -> Duration.ofMillis(amount);
            default -> Duration.ofSeconds(amount);
        };
    }

    private static Object orZero(Datatype datatype, @Nullable Object value) {
        Object given = value != null
                ? value
                : switch (datatype) {
                    case BOOL -> false;
                    case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> 0;
                    case FP16, FP32, FP64, BF16 -> 0.0;
                    case BYTES -> "";
                };
        RawValues.encode(datatype, List.of(given));
        return given;
    }

    private static void require(boolean holds, String refusal) {
        if (!holds) {
            throw new IllegalArgumentException(refusal);
        }
    }
}
