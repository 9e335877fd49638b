package io.millrace.benchmarks.inprocess;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The newest version of a model in the repository, run by ONNX Runtime as inference-service runs it, on one thread. */
final class Model implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final List<?> inputs;

    /** @param folder the model's */
    Model(Path folder) throws IOException, OrtException {
        Path newest;
        try (var versions = Files.list(folder)) {
            newest = versions.filter(each -> each.getFileName().toString().matches("\\d+"))
                    .max((a, b) -> Integer.compare(number(a), number(b)))
                    .orElseThrow(() -> new IOException(folder + " has no version"));
        }
        Map<?, ?> definition =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(newest.resolve("model.yaml")));
        inputs = (List<?>) at(definition, "inputs");
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            session = environment.createSession(newest.resolve("model.onnx").toString(), options);
        }
    }

    private static Object at(Map<?, ?> map, String key) {
        return Objects.requireNonNull(map.get(key), () -> "model.yaml has no " + key);
    }

    private static int number(Path version) {
        return Integer.parseInt(version.getFileName().toString());
    }

    /**
     * A column of its first input.
     *
     * @param step {@code customer}, {@code items} or {@code candidates}
     */
    record Column(String step, String name, float missing) {}

    List<Column> columns() {
        var columns = new ArrayList<Column>();
        for (Object each : (List<?>) at((Map<?, ?>) inputs.getFirst(), "columns")) {
            var column = (Map<?, ?>) each;
            String[] from = at(column, "from").toString().split("\\.", 2);
            columns.add(new Column(from[0], from[1], ((Number) at(column, "default")).floatValue()));
        }
        return columns;
    }

    /**
     * An input of texts.
     *
     * @param feature of the customer
     * @param width how many texts a row has
     */
    record Texts(String name, String feature, int width) {}

    List<Texts> texts() {
        var texts = new ArrayList<Texts>();
        for (Object each : inputs) {
            var input = (Map<?, ?>) each;
            String[] from = at(input, "from").toString().split("\\.", 2);
            texts.add(new Texts(at(input, "name").toString(), from[1], (Integer) at(input, "width")));
        }
        return texts;
    }

    float[][] run(float[][] rows) throws OrtException {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, rows)) {
            return answer(Map.of(session.getInputNames().iterator().next(), tensor));
        }
    }

    /** @param rows of each input by its name */
    float[][] run(Map<String, String[][]> rows) throws OrtException {
        var tensors = new HashMap<String, OnnxTensor>();
        try {
            for (Map.Entry<String, String[][]> input : rows.entrySet()) {
                tensors.put(input.getKey(), OnnxTensor.createTensor(environment, input.getValue()));
            }
            return answer(tensors);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private float[][] answer(Map<String, OnnxTensor> tensors) throws OrtException {
        try (OrtSession.Result result = session.run(tensors)) {
            return switch (result.get(0).getValue()) {
                case float[][] rows -> rows;
                case float[] scores -> new float[][] {scores};
                default -> throw new IllegalStateException("the model gives no floats");
            };
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
