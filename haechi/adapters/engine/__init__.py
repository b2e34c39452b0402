"""The local engine: recognised where one runs, else llama.cpp through xllamacpp, and the models it serves."""
