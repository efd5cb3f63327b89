# A file inside the program: stepcare_embed(FILE SYMBOL OUT) makes a C source at build time that defines
#   const unsigned char SYMBOL[]   the file's bytes and a NUL
#   const unsigned SYMBOL_bytes    how many, the NUL not counted
# and puts its path into OUT, to be added to a target's sources. FILE is relative to the source directory.
set(STEPCARE_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_file.cmake)

function(stepcare_embed FILE SYMBOL OUT)
  set(source ${CMAKE_SOURCE_DIR}/${FILE})
  set(generated ${CMAKE_BINARY_DIR}/embedded/${SYMBOL}.c)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DIN=${source} -DOUT=${generated} -DSYMBOL=${SYMBOL} -P ${STEPCARE_EMBED_SCRIPT}
    DEPENDS ${source} ${STEPCARE_EMBED_SCRIPT}
    COMMENT "Embedding ${FILE}"
    VERBATIM)
  set(${OUT} ${generated} PARENT_SCOPE)
endfunction()
