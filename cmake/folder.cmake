# stepcare_folder(FOLDER [USES folder ...] [SOURCES generated.c ...] [LIBRARIES target ...]) makes the library of one
# folder: every .c in it, no more and no less. A folder's library is called as its path, with _ for /.
# USES are the folders whose headers it may include (and theirs, in turn).
function(stepcare_folder FOLDER)
  cmake_parse_arguments(PARSE_ARGV 1 folder "" "" "USES;SOURCES;LIBRARIES")
  string(REPLACE / _ target ${FOLDER})
  string(REPLACE / _ uses "${folder_USES}")
  file(GLOB sources CONFIGURE_DEPENDS ${FOLDER}/*.c)
  add_library(${target} STATIC ${sources} ${folder_SOURCES})
  target_link_libraries(${target} PUBLIC ${uses} ${folder_LIBRARIES})
endfunction()

# stepcare_program(NAME FOLDER): the program whose main is FOLDER/main.c.
function(stepcare_program NAME FOLDER)
  string(REPLACE / _ target ${FOLDER})
  add_executable(${NAME} ${FOLDER}/main.c)
  target_link_libraries(${NAME} PRIVATE ${target})
endfunction()
