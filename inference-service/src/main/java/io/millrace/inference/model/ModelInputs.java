package io.millrace.inference.model;

import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.InferenceException.SignatureMismatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inputs of one request that are known to fit the model: all there, in the model's order, with equally many rows. */
public record ModelInputs(List<Tensor> tensors, int rows) {

    public ModelInputs {
        tensors = List.copyOf(tensors);
    }

    /**
     * @throws InvalidRequest if the tensors do not fit the model
     * @throws SignatureMismatch if they were made for other columns
     */
    public static ModelInputs of(ModelDefinition model, InferenceRequest request) {
        String signature = request.signature();
        if (signature != null && !signature.equals(model.signature())) {
            throw new SignatureMismatch(
                    "the inputs were made for the signature %s, this version has %s; read its metadata again"
                            .formatted(signature, model.signature()));
        }
        return of(model, request.inputs());
    }

    static ModelInputs of(ModelDefinition model, List<Tensor> tensors) {
        List<Tensor> ordered = inOrder(model, tensors) ? tensors : ordered(model, tensors);
        for (int i = 0; i < ordered.size(); i++) {
            requireFits(model.inputs().get(i).spec(), ordered.get(i));
        }
        long rows = ordered.getFirst().shape().rows();
        for (Tensor tensor : ordered) {
            if (tensor.shape().rows() != rows) {
                throw new InvalidRequest("\"%s\" has %d rows and \"%s\" has %d; send equally many"
                        .formatted(
                                ordered.getFirst().name(),
                                rows,
                                tensor.name(),
                                tensor.shape().rows()));
            }
        }
        int most = model.scheduling().maxBatchSize();
        if (rows < 1 || rows > most) {
            throw new InvalidRequest("send 1 to %d rows in a request; these are %d".formatted(most, rows));
        }
        return new ModelInputs(ordered, (int) rows);
    }

    /** As most callers send them. */
    private static boolean inOrder(ModelDefinition model, List<Tensor> tensors) {
        if (tensors.size() != model.inputs().size()) {
            return false;
        }
        for (int i = 0; i < tensors.size(); i++) {
            if (!tensors.get(i).name().equals(model.inputs().get(i).name())) {
                return false;
            }
        }
        return true;
    }

    private static List<Tensor> ordered(ModelDefinition model, List<Tensor> tensors) {
        Map<String, Tensor> byName = new LinkedHashMap<>();
        for (Tensor tensor : tensors) {
            if (byName.put(tensor.name(), tensor) != null) {
                throw new InvalidRequest("\"%s\" is there twice; send each input once".formatted(tensor.name()));
            }
        }
        List<Tensor> ordered = new ArrayList<>();
        for (ModelDefinition.Input input : model.inputs()) {
            Tensor tensor = byName.remove(input.name());
            if (tensor == null) {
                throw new InvalidRequest("the input \"%s\" is missing".formatted(input.name()));
            }
            ordered.add(tensor);
        }
        if (!byName.isEmpty()) {
            throw new InvalidRequest("the model has no input \"%s\"; leave it out"
                    .formatted(byName.keySet().iterator().next()));
        }
        return ordered;
    }

    /** Whether the rows of both can stand in one batch. */
    public boolean sameRowShapes(ModelInputs other) {
        for (int i = 0; i < tensors.size(); i++) {
            if (!tensors.get(i).shape().hasSameRow(other.tensors.get(i).shape())) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of all tensors. */
    public long bytes() {
        long bytes = 0;
        for (Tensor tensor : tensors) {
            bytes += tensor.data().remaining();
        }
        return bytes;
    }

    private static void requireFits(TensorSpec spec, Tensor tensor) {
        if (tensor.datatype() != spec.datatype()) {
            throw new InvalidRequest(
                    "\"%s\" is %s; send %s".formatted(spec.name(), tensor.datatype(), spec.datatype()));
        }
        if (!spec.shape().accepts(tensor.shape())) {
            throw new InvalidRequest("\"%s\" has shape %s; send %s, where -1 stands for any size"
                    .formatted(spec.name(), tensor.shape(), spec.shape()));
        }
    }
}
