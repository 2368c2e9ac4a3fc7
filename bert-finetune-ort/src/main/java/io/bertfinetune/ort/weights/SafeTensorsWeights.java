package io.bertfinetune.ort.weights;

import io.bertfinetune.error.ModelFormatException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parameters of one or more safetensors files. */
final class SafeTensorsWeights implements Weights {
    private record Place(SafeTensors file, String name) {}

    private final List<SafeTensors> files;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final String source;

    private SafeTensorsWeights(String source, List<SafeTensors> files) {
        this.source = source;
        this.files = files;
        for (SafeTensors file : files) {
            for (String name : file.names()) {
                WeightNames.normalise(name).ifPresent(normal -> add(normal, new Place(file, name)));
            }
        }
    }

    /** Opens files that make up one checkpoint; if one fails, none stays open. */
    static SafeTensorsWeights open(String source, Collection<Path> paths) {
        List<SafeTensors> opened = new ArrayList<>();
        try {
            for (Path path : paths) {
                opened.add(SafeTensors.open(path));
            }
            return new SafeTensorsWeights(source, opened);
        } catch (RuntimeException e) {
            opened.forEach(SafeTensors::close);
            throw e;
        }
    }

    private void add(String normal, Place place) {
        Place other = places.put(normal, place);
        if (other != null) {
            throw new ModelFormatException("checkpoint " + source + ": parameter " + normal + " is there twice, as "
                    + other.name() + " and as " + place.name());
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    @Override
    public List<Long> shape(String name) {
        Place place = place(name);
        return place.file().shape(place.name());
    }

    @Override
    public void copy(String name, FloatBuffer target) {
        Place place = place(name);
        place.file().copy(place.name(), target);
    }

    @Override
    public void close() {
        files.forEach(SafeTensors::close);
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("checkpoint " + source + ": no parameter " + name);
        }
        return place;
    }
}
