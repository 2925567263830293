# What a user and a developer run; everything goes into .venv and build/.
PYTHON ?= python3
# The plain index may give a large CUDA build; a CPU build is enough.
TORCH ?= torch==2.13.0
# A text for `make bench` to measure bits per byte on.
TEXT ?=
BIN := .venv/bin
INSTALLED := .venv/.installed
# A worker process for each core, at most 8: each takes about a gigabyte.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses auto --maxprocesses 8 --dist worksteal

.PHONY: demo install check slow docs bench

demo: $(INSTALLED)
	$(BIN)/lmc compile bookbyte-mamba2 --target vck190 -o build/demo

install: $(INSTALLED)

# Of hls4ml only the header files are used, so its own requirements are left out.
$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet $(TORCH)
	$(BIN)/pip install --quiet --editable '.[dev]'
	$(BIN)/pip install --quiet --no-deps 'hls4ml==1.3.0'
	touch $@

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(PYTEST)

slow: $(INSTALLED)
	$(PYTEST) -m slow

# The documentation as a site, in build/site.
docs: $(INSTALLED)
	$(BIN)/mkdocs build --strict

bench: $(INSTALLED)
	$(BIN)/python benchmarks/compile_time.py
	$(BIN)/python benchmarks/csim_speed.py
	$(BIN)/python benchmarks/board_speed.py
	$(BIN)/python benchmarks/ablation.py
	$(BIN)/python benchmarks/operator_costs.py
	$(if $(TEXT),$(BIN)/python benchmarks/accuracy.py --text $(TEXT))
	$(if $(TEXT),$(BIN)/python benchmarks/outlier_study.py --text $(TEXT))
